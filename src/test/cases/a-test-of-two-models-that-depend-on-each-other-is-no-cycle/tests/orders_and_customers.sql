select customer from {{ ref('orders') }}
except
select customer from {{ ref('customers') }}
