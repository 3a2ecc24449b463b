select
  order_id
  {%- for column in ['amount', 'tax'] %},
  {{ column }} * 2 as double_{{ column }}
  {%- endfor %}
from {{ ref('orders') }}
