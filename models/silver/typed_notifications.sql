{{ config(materialized='ephemeral') }}

with typed as (
  select
    {{ parse_integer('customer_id') }} as customer_id,
    {{ trimmed('message_id') }} as message_id,
    case when not {{ is_blank('customer_name') }} then {{ trimmed('customer_name') }} end as customer_name,
    replace(lower({{ trimmed('channel') }}), '-', '') as channel,
    payload,
    {{ parse_timestamp('event_datetime') }} as event_at,
    customer_id as customer_id_as_sent,
    event_datetime as event_datetime_as_sent,
    _record_id,
    _source_file,
    _ingested_at
  from {{ ref('raw_notifications') }}
)

select
  *,
  case
    when coalesce(customer_id_as_sent, message_id, channel, event_datetime_as_sent) is null then 'the line is not a JSON object'
    when customer_id is null then 'customer_id is not a whole number'
    when {{ is_blank('message_id') }} then 'message_id is missing'
    when {{ is_blank('channel') }} then 'channel is missing'
    when event_at is null then 'event_datetime is not a timestamp with an offset'
  end as refused_because
from typed
