{{ config(materialized='ephemeral') }}

{#- One row for every key of every message, and one for a message without any, so that no message can vanish. -#}
with messages as (
  select
    *,
    {{ is_json_object('content') }} as has_object
  from {{ ref('raw_chatbot_messages') }}
),

entries as (
  select
    {{ trimmed('messages.customer') }} as customer,
    {{ trimmed('messages.flow') }} as flow,
    {{ trimmed('messages.session') }} as session,
    {{ parse_timestamp('messages.timestamp') }} as answered_at,
    entry.key as question,
    entry.value as answer,
    messages.has_object,
    messages.timestamp as timestamp_as_sent,
    messages.content,
    messages._source_file,
    messages._source_position,
    entry.position as _entry_position,
    messages._ingested_at
  from messages
  left join lateral {{ json_entries("case when messages.has_object then messages.content end") }} as entry on true
)

select
  *,
  case
    when {{ is_blank('customer') }} then 'customer is missing'
    when {{ is_blank('flow') }} then 'flow is missing'
    when {{ is_blank('session') }} then 'session is missing'
    when answered_at is null then 'timestamp is not a timestamp with an offset'
    when not has_object then 'content is not a map of questions to answers'
    when question is null then 'content is empty'
    when {{ is_blank('question') }} then 'the question has no name'
    when {{ is_blank('answer') }} then 'the answer is empty'
  end as refused_because
from entries
