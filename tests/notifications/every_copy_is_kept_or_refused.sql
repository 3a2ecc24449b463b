{#- A copy that came is a message of silver, or it stands among the refused: nothing vanishes in between. -#}
select typed._record_id
from {{ ref('typed_notifications') }} as typed
left join {{ ref('notifications') }} as notifications
  on notifications.customer_id = typed.customer_id
  and notifications.message_id = typed.message_id
where typed.refused_because is null
  and notifications.message_id is null

union all

select 'refused copies are missing' as _record_id
from (
  select
    (select count(*) from {{ ref('typed_notifications') }} where refused_because is not null) as came,
    (select count(*) from {{ ref('refused_notifications') }}) as kept
) as refused
where came <> kept
