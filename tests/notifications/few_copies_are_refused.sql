{{ config(severity='warn') }}
{#- A few bad rows are life; more than one in a hundred means that the sender changed something. -#}
select refused, came
from (
  select
    (select count(*) from {{ ref('refused_notifications') }}) as refused,
    (select count(*) from {{ ref('raw_notifications') }}) as came
) as counted
where refused * 100 > came
