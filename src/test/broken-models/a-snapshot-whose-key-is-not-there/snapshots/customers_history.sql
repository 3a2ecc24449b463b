{% snapshot customers_history %}
{{ config(strategy='check', unique_key='customer', check_cols='all') }}
select customer_id, name, country from {{ ref('customers') }}
{% endsnapshot %}
