{% snapshot customers_history %}
{{ config(strategy='timestamp', unique_key='customer_id', updated_at='changed_at') }}
select customer_id, name, country from {{ ref('customers') }}
{% endsnapshot %}
