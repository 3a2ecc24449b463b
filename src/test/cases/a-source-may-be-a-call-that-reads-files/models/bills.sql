{{ config(materialized='table') }}
select bills.id, bills.status from {{ source('crm', 'bills') }} as bills
