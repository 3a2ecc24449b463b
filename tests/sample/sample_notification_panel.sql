{{ config(severity='warn', tags=['sample']) }}
{#-
  What the shipped sample gives. Other inputs give other results, so this only warns; `--warn-error` makes it an error.
-#}
{%- call expect_rows(ref('notification_panel')) %}
  (7494212, 'Acme', 5000, timestamptz '2020-02-03T15:00:00+00:00')
{%- endcall %}
