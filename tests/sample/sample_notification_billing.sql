{{ config(severity='warn', tags=['sample']) }}
{#-
  What the shipped sample gives. Other inputs give other results, so this only warns; `--warn-error` makes it an error.
-#}
{%- call expect_rows(ref('notification_billing')) %}
  (7494212, 'Acme', 25000, 1000.00, date '2020-02-03')
{%- endcall %}
