select
  refused_because,
  id_client,
  {% for number in range(30) -%}
  class_{{ number }},
  {% endfor -%}
  _source_file,
  _ingested_at
from {{ ref('judged_predictions') }}
where refused_because is not null
