{#- Of several labels the last counts: it corrects those before it. -#}
with accepted as (
  select
    *,
    row_number() over (
      partition by transaction_id
      order by labelled_at desc, _source_file collate "C" desc, fraud_type collate "C"
    ) as label_number
  from {{ ref('typed_pix_labels') }}
  where refused_because is null
)

select
  transaction_id,
  fraud_type,
  labelled_at,
  _source_file,
  _ingested_at
from accepted
where label_number = 1
