{{ config(severity='warn', tags=['sample']) }}
{#-
  What the shipped sample gives. Other inputs give other results, so this only warns; `--warn-error` makes it an error.
-#}
{%- set first_messages %}
(
  select message_id, payload, event_datetime
  from {{ ref('notification_details') }}
  order by customer_id, event_datetime, message_id
  limit 2
)
{%- endset %}
{%- call expect_rows(first_messages) %}
  ('5B81FF24A1', 'Olá XXXXX, seja muito bem-vindo! Precisa de alguma ajuda?', timestamptz '2020-02-03T14:00:01.001+00:00'),
  ('A61D178E73', 'Não identificamos a sua última mensagem. Por favor, entre em contato', timestamptz '2020-02-03T14:00:01.099+00:00')
{%- endcall %}
