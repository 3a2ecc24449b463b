{{ config(materialized='view') }}
{# lavra: allow star-across-layers
   the finance department asked for exactly what staging has #}
select * from {{ ref('stg_orders') }}
