{# Functions name tables in their texts, and so do the words that describe them. -#}
with orders as (select order_id from {{ ref('orders') }}),
customers as (select customer from {{ ref('customers') }})
select order_id, (select count(*) from (describe customers)) as columns
from query_table('orders')
