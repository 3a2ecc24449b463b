select order_id
from {{ ref('orders') }}
{% if is_incremental() %}
where order_id > 3
