select
  {{ parse_integer('id_client') }} as id_client,
  {% for number in range(30) -%}
  cast(class_{{ number }} as double precision) as class_{{ number }},
  {% endfor -%}
  _source_file,
  _ingested_at
from {{ ref('judged_predictions') }}
where refused_because is null
