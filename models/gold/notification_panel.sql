with moment as (
  {%- if var('panel_as_of') == 'latest' %}
  select date_trunc('minute', least(max(last_event_at) + interval '1 minute', cast('{{ run_started_at }}' as timestamptz))) as as_of
  from {{ ref('notification_minutes') }}
  {%- else %}
  select date_trunc('minute', cast('{{ var("panel_as_of") }}' as timestamptz)) as as_of
  {%- endif %}
),

{# A customer that was quiet today keeps its line, with 0. -#}
counted as (
  select
    minutes.customer_id,
    sum(
      case
        when {{ reporting_date('minutes.minute_at') }} = {{ reporting_date('moment.as_of') }} then minutes.messages
        else 0
      end
    ) as whatsapp_notifications,
    max(moment.as_of) as last_updated_at
  from {{ ref('notification_minutes') }} as minutes
  cross join moment
  where minutes.channel = 'whatsapp'
    and minutes.minute_at < moment.as_of
  group by minutes.customer_id
)

select
  counted.customer_id,
  customers.customer_name,
  cast(counted.whatsapp_notifications as bigint) as whatsapp_notifications,
  counted.last_updated_at
from counted
inner join {{ ref('customers') }} as customers
  on customers.customer_id = counted.customer_id
order by customers.customer_name, counted.customer_id
