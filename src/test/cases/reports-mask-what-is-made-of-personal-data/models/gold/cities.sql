select city, count(distinct document) as people, max(mail) as last_mail from {{ ref('people') }} group by city
