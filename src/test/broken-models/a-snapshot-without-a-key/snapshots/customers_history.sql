{% snapshot customers_history %}
{{ config(strategy='check', check_cols='all') }}
select customer_id, name, country from {{ ref('customers') }}
{% endsnapshot %}
