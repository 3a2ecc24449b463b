{{ config(
  post_hook={"sql": "insert into audit values ('{{ this }}')", "transaction": false},
) }}
select customer, count(*) as orders from {{ ref('orders') }} group by customer
