{{ config(severity='warn', tags=['sample']) }}
{#-
  What the shipped sample gives. Other inputs give other results, so this only warns; `--warn-error` makes it an error.
-#}
{%- set answers %}
(
  select customer, flow, session, question, answer
  from {{ ref('chatbot_answers') }}
  where is_latest
    and session in ('S1000', 'S2000', 'S3000')
)
{%- endset %}
{%- call expect_rows(answers) %}
  ('C1000', 'F1000', 'S1000', 'name', 'maria'),
  ('C1000', 'F1000', 'S1000', 'cpf', '305.584.960-40'),
  ('C1000', 'F1000', 'S1000', 'delivery_confirmed', 'true'),
  ('C1000', 'F1000', 'S2000', 'name', 'joao'),
  ('C1000', 'F1000', 'S2000', 'cpf', '733.600.420-26'),
  ('C1000', 'F1000', 'S2000', 'delivery_confirmed', 'false'),
  ('C2000', 'F2000', 'S3000', 'recomenda', 'Simmmmmmm'),
  ('C2000', 'F2000', 'S3000', 'nota', '9')
{%- endcall %}
