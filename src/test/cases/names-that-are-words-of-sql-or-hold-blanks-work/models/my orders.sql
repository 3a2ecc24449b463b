select "order" from {{ ref('select') }} order by all
