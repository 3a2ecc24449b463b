{{ config(severity='warn', tags=['sample']) }}
{#- The first two messages of the report, in its own order. -#}
with first_details as (
  select *
  from {{ ref('notification_details') }}
  order by customer_id, event_datetime, message_id
  limit 2
)

(select * from first_details except select * from {{ ref('expected_first_notification_details') }})
union all
(select * from {{ ref('expected_first_notification_details') }} except select * from first_details)
