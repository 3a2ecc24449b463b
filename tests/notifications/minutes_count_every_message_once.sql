{#- Minutes are counted again only where messages arrive: together they must still be all messages. -#}
select
  counted.messages as messages_in_minutes,
  kept.messages as messages
from (select sum(messages) as messages from {{ ref('notification_minutes') }}) as counted
cross join (select count(*) as messages from {{ ref('notifications') }}) as kept
where counted.messages <> kept.messages
