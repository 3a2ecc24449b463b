{%- set condition %}
amount > limit_of_amount
{%- endset %}
select order_id from {{ ref('orders') }} where {{ condition }}
