{% import 'macros/in_euros.sql' as money %}
select {{ ref.__proto__.constructor }}
