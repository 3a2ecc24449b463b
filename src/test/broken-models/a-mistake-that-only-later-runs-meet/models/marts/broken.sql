{{ config(materialized='incremental') }}
select order_id, ordered_on from {{ ref('orders') }}
{% if is_incremental() %}
where ordered_on > (select max(ordered_at) from {{ this }})
{% endif %}
