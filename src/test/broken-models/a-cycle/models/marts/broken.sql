select one from {{ ref('other') }}
