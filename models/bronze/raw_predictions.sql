select
  id_client,
  {% for number in range(30) -%}
  class_{{ number }},
  {% endfor -%}
  filename as _source_file,
  {{ ingested_at() }} as _ingested_at
from {{ source('predictions', 'predictions') }}
