{#-
  The latest answer to a question counts. Of two answers of one moment, the one that came later does: the later file by
  name, in one file the later message, in one message the later key.
-#}
select
  customer,
  flow,
  session,
  question,
  answer,
  answered_at,
  row_number() over (
    partition by customer, flow, session, question
    order by answered_at desc, _source_file collate "C" desc, _source_position desc, _entry_position desc
  ) = 1 as is_latest,
  _source_file,
  _source_position,
  _entry_position,
  _ingested_at
from {{ ref('chatbot_entries') }}
where refused_because is null
