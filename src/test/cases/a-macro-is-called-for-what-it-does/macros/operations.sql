{% macro count_orders(customer, least=0) %}
  {% set rows = run_query("select count(*) from " ~ ref('orders') ~ " where customer = '" ~ customer ~ "' and amount >= " ~ least) %}
  {{ log(customer ~ ' has ' ~ rows.columns[0].values()[0] ~ ' orders', info=true) }}
  {% do print('execute is ' ~ execute) %}
{% endmacro %}

{% macro make_audit(rows) %}
  {% do run_query('create or replace table audit (entry integer)') %}
  {% for row in rows %}
    {% call statement() %} insert into audit values ({{ row }}) {% endcall %}
  {% endfor %}
  {% do log(load_relation(api.Relation.create(schema='main', identifier='audit')), info=true) %}
{% endmacro %}

{% macro drop_audit() %}
  {% do run_query('drop table audit') %}
{% endmacro %}

{% macro fails(day) %}
  {% do run_query('select ' ~ day ~ ' from nowhere') %}
{% endmacro %}
