{% snapshot customers_history %}
{{ config(strategy='check', unique_key='customer_id', check_cols=['amount']) }}
select * from {{ ref('customers') }}
{% endsnapshot %}
