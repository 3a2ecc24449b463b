select
  flow,
  lower(regexp_replace(flow, '[^A-Za-z0-9]+', '_', 'g')) as flow_name,
  count(distinct question) as questions
from {{ ref('chatbot_questions') }}
group by flow
