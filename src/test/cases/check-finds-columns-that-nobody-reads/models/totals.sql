{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, sum(amount) as total
from {{ ref('deliveries') }}
where customer is not null
{% if is_incremental() %} and later > 1 {% endif %}
group by order_id
