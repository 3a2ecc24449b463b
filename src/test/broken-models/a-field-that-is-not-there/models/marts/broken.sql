select o.place.street from (select {'city': status} as place from {{ ref('orders') }}) as o
