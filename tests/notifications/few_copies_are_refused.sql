{{ config(severity='warn') }}
{#- A few bad rows are life; more than one in a hundred of what came last means that the sender changed something. -#}
select
  count(refused_because) as refused,
  count(*) as came
from {{ ref('typed_notifications') }}
where _ingested_at = (select max(_ingested_at) from {{ ref('raw_notifications') }})
having count(refused_because) * 100 > count(*)
