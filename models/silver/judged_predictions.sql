{{ config(materialized='ephemeral') }}

select
  id_client,
  {% for number in range(30) -%}
  class_{{ number }},
  {% endfor -%}
  _source_file,
  _ingested_at,
  case
    when {{ parse_integer('id_client') }} is null then 'id_client is not a whole number'
    {%- for number in range(30) %}
    when coalesce({{ parse_double('class_' ~ number) }}, -1) not between 0 and 1 then 'class_{{ number }} is not a probability'
    {%- endfor %}
  end as refused_because
from {{ ref('raw_predictions') }}
