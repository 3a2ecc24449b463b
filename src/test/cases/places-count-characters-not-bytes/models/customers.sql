select 'Conceição 🧾' as "área", customr	as customer from {{ ref('orders') }}
