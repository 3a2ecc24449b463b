{{ config(materialised='view') }}
select order_id from {{ ref('orders') }}
