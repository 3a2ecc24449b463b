select
  refused_because,
  customer,
  flow,
  session,
  timestamp_as_sent as timestamp,
  question,
  content,
  _source_file,
  _source_position,
  _ingested_at
from {{ ref('chatbot_entries') }}
where refused_because is not null
