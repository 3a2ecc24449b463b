with recursive days as (
  select 1 as day
  union all
  select day + 1, day from days where day < 3
)
select day from days
