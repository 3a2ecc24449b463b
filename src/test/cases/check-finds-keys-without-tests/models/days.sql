select distinct ordered_on as day from {{ ref('orders') }}
