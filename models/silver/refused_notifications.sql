{{ config(materialized='incremental', incremental_strategy='append') }}

select
  refused_because,
  customer_id_as_sent as customer_id,
  message_id,
  customer_name,
  channel,
  payload,
  event_datetime_as_sent as event_datetime,
  _source_file,
  _ingested_at
from {{ ref('typed_notifications') }}
where refused_because is not null
  and {{ is_new() }}
