select nothing from {{ ref('orders') }}
