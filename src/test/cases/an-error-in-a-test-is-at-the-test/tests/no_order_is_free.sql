select * from {{ ref('orders') }}
where amout <= 0
