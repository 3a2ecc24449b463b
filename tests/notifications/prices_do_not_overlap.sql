{#- Two prices on one day would bill it twice. -#}
select
  earlier.channel,
  earlier.valid_from,
  earlier.valid_until,
  later.valid_from as next_valid_from
from {{ ref('notification_prices') }} as earlier
inner join {{ ref('notification_prices') }} as later
  on later.channel = earlier.channel
  and later.valid_from > earlier.valid_from
  and (earlier.valid_until is null or earlier.valid_until > later.valid_from)
