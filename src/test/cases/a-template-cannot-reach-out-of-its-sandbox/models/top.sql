{% include '/etc/passwd' %}
