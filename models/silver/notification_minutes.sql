{{ config(materialized='incremental', unique_key=['customer_id', 'channel', 'minute_at']) }}

{#-
  Only the minutes that new messages fall into are counted again, whole: a message that is an hour late changes its own
  minute and no other.
-#}
with messages as (
  select
    *,
    date_trunc('minute', event_at) as minute_at
  from {{ ref('notifications') }}
)
{%- if is_incremental() %},

touched as (
  select distinct customer_id, channel, minute_at
  from messages
  where {{ is_new() }}
)
{%- endif %}

select
  messages.customer_id,
  messages.channel,
  messages.minute_at,
  count(*) as messages,
  min(messages.event_at) as first_event_at,
  max(messages.event_at) as last_event_at,
  {{ latest('messages.customer_name', 'messages.event_at') }} as customer_name,
  max(messages._ingested_at) as _ingested_at
from messages
{%- if is_incremental() %}
inner join touched
  on touched.customer_id = messages.customer_id
  and touched.channel = messages.channel
  and touched.minute_at = messages.minute_at
where messages.event_at >= (select min(minute_at) from touched)
{%- endif %}
group by messages.customer_id, messages.channel, messages.minute_at
