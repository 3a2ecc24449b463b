{% snapshot customers_history %}
{{ config(strategy='check', unique_key='customer', check_cols='all') }}
select * from {{ ref('customers') }}
{% endsnapshot %}
