select
  {% for column in ['order_id', 'amount'] %}
  {{ column }},,
  {% endfor %}
from {{ ref('orders') }}
