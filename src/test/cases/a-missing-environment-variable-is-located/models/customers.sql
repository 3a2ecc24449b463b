select customer, '{{ env_var('SHOP_REGION') }}' as region
from {{ ref('orders') }}
