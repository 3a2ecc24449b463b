select * exclude (price) from {{ ref('orders') }}
