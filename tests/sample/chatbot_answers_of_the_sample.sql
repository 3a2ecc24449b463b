{{ config(severity='warn', tags=['sample']) }}
{#- Files that are added to the sample may bring other sessions. -#}
with answers as (
  select customer, flow, session, question, answer
  from {{ ref('chatbot_answers') }}
  where is_latest
    and session in (select session from {{ ref('expected_chatbot_answers') }})
)

(select * from answers except select * from {{ ref('expected_chatbot_answers') }})
union all
(select * from {{ ref('expected_chatbot_answers') }} except select * from answers)
