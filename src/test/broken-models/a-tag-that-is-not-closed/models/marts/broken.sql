select order_id from {{ ref('orders') }}
{% if true %}where is_paid
