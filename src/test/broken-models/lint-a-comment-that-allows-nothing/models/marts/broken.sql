select order_id -- lavra: allow join-types it was needed once
from {{ ref('orders') }}
