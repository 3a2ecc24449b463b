{% set top = run_query("select max(amout) as top from main.orders") %}
select customer from {{ ref('orders') }}
