{{ config(error_if='more than 3') }}
select * from {{ ref('orders') }} where amount <= 0
