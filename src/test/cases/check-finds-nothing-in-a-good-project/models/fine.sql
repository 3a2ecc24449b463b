select customer from {{ ref('customers') }}
