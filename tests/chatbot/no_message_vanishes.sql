{#- Every message that came has an entry, which is an answer or has the reason why it is none. -#}
select
  messages._source_file,
  messages._source_position
from {{ ref('raw_chatbot_messages') }} as messages
left join {{ ref('chatbot_entries') }} as entries
  on entries._source_file = messages._source_file
  and entries._source_position = messages._source_position
where entries._source_file is null
