{% snapshot customers_history %}
{{ config(strategy='timestamp', unique_key='customer') }}
select * from {{ ref('customers') }}
{% endsnapshot %}
