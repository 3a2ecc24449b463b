{{ config(materialized='incremental', incremental_strategy='append') }}

{#-
  Every copy of every message, as text. A file may grow and may be read again: what is kept already is told by the
  identity of the row in its file, so nothing is lost and nothing is kept twice.
-#}
{%- set message_columns = ['customer_id', 'message_id', 'customer_name', 'channel', 'payload', 'event_datetime'] %}

with delivered as (
  select
    {% for column in message_columns -%}
    {{ column }},
    {% endfor -%}
    filename as _source_file,
    {{ record_id(['filename'] + message_columns) }} as _record_id
  from {{ source('notifications', 'messages') }}
)

select
  delivered.*,
  {{ ingested_at() }} as _ingested_at
from delivered
{%- if is_incremental() %}
where not exists (
  select 1
  from {{ this }} as kept
  where kept._record_id = delivered._record_id
)
{%- endif %}
