{{ config(materialized='incremental', unique_key=['customer_id', 'message_id']) }}

{#-
  A message is delivered at least once. The copy that came first stands, in every run, so that no later copy can move a
  message to another day. A message id is unique for a customer, not for all: ten hexadecimal digits are too few for that.
-#}
with arrived as (
  select
    *,
    row_number() over (
      partition by customer_id, message_id
      order by _ingested_at, _source_file collate "C", event_at, _record_id
    ) as copy_number
  from {{ ref('typed_notifications') }}
  where refused_because is null
    and {{ is_new() }}
)

select
  customer_id,
  message_id,
  customer_name,
  channel,
  payload,
  event_at,
  _source_file,
  _ingested_at
from arrived
where copy_number = 1
{%- if is_incremental() %}
  and not exists (
    select 1
    from {{ this }} as known
    where known.customer_id = arrived.customer_id
      and known.message_id = arrived.message_id
  )
{%- endif %}
