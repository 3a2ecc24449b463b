{{ config(
  pre_hook="delete from order_archive",
) }}
select customer from {{ ref('orders') }}
