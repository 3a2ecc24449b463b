{# lavra: allow cte-unused, not-a-value nothing here needs it #}
select order_id from {{ ref('orders') }} -- lavra: allow
