{{ config(indexes=[{'columns': ['customer'], 'unique': true}]) }}
select customer from {{ ref('orders') }}
