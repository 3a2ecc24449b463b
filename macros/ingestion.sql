{#-
  When this run took a row in. One moment for the whole run, and always later than every moment that the model holds
  already, even if the machine's clock was set back: what comes after can read "newer than what I have" from it.
-#}
{% macro ingested_at() -%}
  {%- if is_incremental() -%}
    greatest(
      cast('{{ run_started_at }}' as timestamptz),
      (select max(_ingested_at) + interval '1 microsecond' from {{ this }})
    )
  {%- else -%}
    cast('{{ run_started_at }}' as timestamptz)
  {%- endif -%}
{%- endmacro %}

{#- A condition: the row came in after everything that the model has already seen. True for all rows in a first run. -#}
{% macro is_new(ingested_at='_ingested_at') -%}
  {%- if is_incremental() -%}
    {{ ingested_at }} > (select coalesce(max(_ingested_at), cast('-infinity' as timestamptz)) from {{ this }})
  {%- else -%}
    true
  {%- endif -%}
{%- endmacro %}

{#- The identity of a row as it came: equal only if every column is equal; a missing value differs from an empty one. -#}
{% macro record_id(columns) -%}
  md5(concat_ws(chr(31)
    {%- for column in columns %}, coalesce({{ column }}, chr(30)){% endfor -%}
  ))
{%- endmacro %}

{#- The files that a bronze relation holds rows of, as a list of literals: only with literals does the engine leave files closed. -#}
{% macro files_read(relation) -%}
  {%- set files = run_query('select distinct _source_file from ' ~ relation ~ ' order by _source_file').columns[0].values() -%}
  {%- for file in files -%}
    {{ text_literal(file) }}{{ ', ' if not loop.last }}
  {%- else -%}
    ''
  {%- endfor -%}
{%- endmacro %}

{#- A running number of the rows of a source, in the order of its files by name and of the rows in each. -#}
{% macro running_number() -%}
  {{ return(adapter.dispatch('running_number')()) }}
{%- endmacro %}

{#- The files are a table here, which was filled in their order. -#}
{% macro postgres__running_number() -%}
  row_number() over (order by ctid)
{%- endmacro %}

{% macro duckdb__running_number() -%}
  row_number() over ()
{%- endmacro %}
