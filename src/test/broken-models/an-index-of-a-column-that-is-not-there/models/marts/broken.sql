{{ config(indexes=[{'columns': ['price']}]) }}
select order_id, amount from {{ ref('orders') }}
