select customer from {{ ref('orders') }};
drop table main.ledger;
