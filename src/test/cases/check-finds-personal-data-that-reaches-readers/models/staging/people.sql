select person_id, cpf as document, lower(email) as mail, city from {{ ref('raw_people') }}
