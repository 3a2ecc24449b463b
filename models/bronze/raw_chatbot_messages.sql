{#- The files are read in the order of their names, so the running number is the order in which messages came. -#}
with delivered as (
  select
    customer,
    flow,
    session,
    timestamp,
    content,
    filename as _source_file,
    {{ running_number() }} as running_number
  from {{ source('chatbot', 'messages') }}
)

select
  customer,
  flow,
  session,
  timestamp,
  content,
  _source_file,
  row_number() over (partition by _source_file order by running_number) as _source_position,
  {{ ingested_at() }} as _ingested_at
from delivered
