select * from {{ source('billing', 'invoice') }}
union all
select * from {{ source('biling', 'invoices') }}
