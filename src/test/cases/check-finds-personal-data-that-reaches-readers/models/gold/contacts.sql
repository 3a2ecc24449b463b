select person_id, document, left(mail, 1) as initial, document is null as is_unknown, city from {{ ref('people') }}
