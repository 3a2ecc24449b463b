select ordered_on + interval '3 moons' as day from {{ ref('orders') }}
