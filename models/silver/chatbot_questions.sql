{#- No flow's questions are known in advance: they are those that were answered. -#}
with questions as (
  select
    flow,
    question,
    min(answered_at) as first_answered_at
  from {{ ref('chatbot_answers') }}
  group by flow, question
)

select
  flow,
  question,
  row_number() over (partition by flow order by first_answered_at, question collate "C") as question_number,
  first_answered_at
from questions
