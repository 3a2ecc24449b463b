{{ config(severity='warn', tags=['sample']) }}
{#-
  What the shipped sample gives. Other inputs give other results, so this only warns; `--warn-error` makes it an error.
-#}
{%- call expect_rows(ref('invoice_averages')) %}
  ('C1000', 'A1100', 56333.33, 41416.66),
  ('C1000', 'A1200', 50666.66, null),
  ('C1000', 'A1300', null, null),
  ('C2000', 'A2100', 55400.00, null)
{%- endcall %}
