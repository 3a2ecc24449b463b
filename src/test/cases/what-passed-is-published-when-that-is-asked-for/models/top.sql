select customer from {{ ref('customers') }} limit 1
