{% snapshot customers_history %}
{{ config(strategy='check', unique_key='customer_id', check_cols='all') }}
select customer_id, city from {{ ref('customers') }}
{% endsnapshot %}
