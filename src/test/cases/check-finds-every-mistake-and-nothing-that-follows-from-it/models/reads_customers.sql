select nothing_of_this from {{ ref('customers') }}
