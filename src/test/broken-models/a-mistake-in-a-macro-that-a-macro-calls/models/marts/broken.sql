select {{ labelled('amount') }} from {{ ref('orders') }}
