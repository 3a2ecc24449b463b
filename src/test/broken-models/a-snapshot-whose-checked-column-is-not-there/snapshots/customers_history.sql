{% snapshot customers_history %}
{{ config(strategy='check', unique_key='customer_id', check_cols=['city']) }}
select customer_id, name, country from {{ ref('customers') }}
{% endsnapshot %}
