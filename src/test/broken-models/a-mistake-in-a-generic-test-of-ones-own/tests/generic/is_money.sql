{% test is_money(model, column_name) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} <> rond({{ column_name }}, 2)
{% endtest %}
