select came, kept, refused
from (
  select
    (select count(*) from {{ ref('raw_predictions') }}) as came,
    (select count(*) from {{ ref('predictions') }}) as kept,
    (select count(*) from {{ ref('refused_predictions') }}) as refused
) as counted
where came <> kept + refused
