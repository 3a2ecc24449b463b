{#-
  Every copy that came last and was not refused is a message of silver: no run may step over one. What came before was
  tested when it came.
-#}
select
  typed.customer_id,
  typed.message_id,
  typed._source_file
from {{ ref('typed_notifications') }} as typed
left join {{ ref('notifications') }} as notifications
  on notifications.customer_id = typed.customer_id
  and notifications.message_id = typed.message_id
where typed.refused_because is null
  and typed._ingested_at = (select max(_ingested_at) from {{ ref('raw_notifications') }})
  and notifications.message_id is null
