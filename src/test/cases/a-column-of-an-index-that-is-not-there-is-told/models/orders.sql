{{ config(materialized='table', indexes=[{'columns': ['custmer'], 'unique': true}]) }}

select 1 as order_id, 'Ana' as customer
