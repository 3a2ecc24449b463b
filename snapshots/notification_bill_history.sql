{% snapshot notification_bill_history %}
{{
  config(
    unique_key=['customer_id', 'billing_date'],
    strategy='check',
    check_cols=['customer_name', 'whatsapp_notifications', 'amount'],
    hard_deletes='invalidate'
  )
}}
select * from {{ ref('notification_billing') }}
{% endsnapshot %}
