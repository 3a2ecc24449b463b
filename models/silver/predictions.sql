select
  {{ parse_integer('id_client') }} as id_client,
  {% for number in range(30) -%}
  {{ parse_double('class_' ~ number) }} as class_{{ number }},
  {% endfor -%}
  _source_file,
  _ingested_at
from {{ ref('judged_predictions') }}
where refused_because is null
