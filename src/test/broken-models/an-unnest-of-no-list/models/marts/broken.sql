select unnest(status) as letter from {{ ref('orders') }}
