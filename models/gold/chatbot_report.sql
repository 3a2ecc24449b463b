-- depends_on: {{ ref('chatbot_questions') }}
{%- set fixed_columns = ['customer', 'flow', 'session', 'first_answer_dt', 'last_answer_dt'] %}

select
  customer,
  flow,
  session,
  min(answered_at) as first_answer_dt,
  max(answered_at) as last_answer_dt
  {%- if execute %}
  {%- for question in question_columns(value.flow, fixed_columns) %},
  max(case when is_latest and question = {{ text_literal(question.question) }} then answer end)
    as {{ adapter.quote(question.column) }}
  {%- endfor %}
  {%- endif %}
from {{ ref('chatbot_answers') }}
{%- if execute %}
where flow = {{ text_literal(value.flow) }}
{%- endif %}
group by customer, flow, session
order by customer, flow, session
