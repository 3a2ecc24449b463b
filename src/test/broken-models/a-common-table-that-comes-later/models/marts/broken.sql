with totals as (select sum(amount) as amount from paid),
paid as (select amount from {{ ref('orders') }} where is_paid)
select amount from totals
