select * exclude (amount) from {{ ref('all_orders') }}
