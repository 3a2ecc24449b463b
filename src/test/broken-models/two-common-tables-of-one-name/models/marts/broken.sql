with a as (select 1 as one), a as (select 2 as two)
select * from a
