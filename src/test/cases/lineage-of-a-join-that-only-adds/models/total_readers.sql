select amount from {{ ref('customer_totals') }}
