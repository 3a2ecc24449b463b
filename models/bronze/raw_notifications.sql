{{ config(materialized='incremental', incremental_strategy='append') }}

{#-
  Every copy of every message, as text. A file may grow after it was read: what is kept already is told by the identity of
  the row in its file, so nothing is lost and nothing is kept twice. Where files are final once they are there, they are
  not even opened again; at a hundred million messages a day this is what makes a run a minute possible.
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
{%- if is_incremental() and var('notification_files_grow') %}
where not exists (
  select 1
  from {{ this }} as kept
  where kept._record_id = delivered._record_id
)
{%- elif is_incremental() %}
where _source_file not in ({{ files_read(this) }})
{%- endif %}
