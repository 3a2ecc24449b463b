{#- Every message that came has at least one row in silver, as an answer or with the reason why it is none. -#}
select messages._source_file, messages._source_position
from {{ ref('raw_chatbot_messages') }} as messages
where not exists (
    select 1
    from {{ ref('chatbot_answers') }} as answers
    where answers._source_file = messages._source_file
      and answers._source_position = messages._source_position
  )
  and not exists (
    select 1
    from {{ ref('refused_chatbot_entries') }} as refused
    where refused._source_file = messages._source_file
      and refused._source_position = messages._source_position
  )
