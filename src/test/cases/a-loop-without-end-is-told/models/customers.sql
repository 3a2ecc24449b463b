{% for i in range(100000000000) %}{{ i }}{% endfor %}
