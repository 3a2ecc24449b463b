{# Strings, aggregates, sets and JSON: one name for what engines spell differently. Arguments are SQL expressions. #}

{% macro string_literal(value) -%} {{ return(adapter.dispatch('string_literal', 'dbt')(value)) }} {%- endmacro %}
{% macro default__string_literal(value) %}{{ return("'" ~ value ~ "'") }}{% endmacro %}

{% macro escape_single_quotes(expression) -%} {{ return(adapter.dispatch('escape_single_quotes', 'dbt')(expression)) }} {%- endmacro %}
{% macro default__escape_single_quotes(expression) %}{{ return(expression | replace("'", "''")) }}{% endmacro %}

{% macro concat(fields) -%} {{ return(adapter.dispatch('concat', 'dbt')(fields)) }} {%- endmacro %}
{% macro default__concat(fields) %}{{ return(fields | join(' || ')) }}{% endmacro %}

{% macro hash(field) -%} {{ return(adapter.dispatch('hash', 'dbt')(field)) }} {%- endmacro %}
{% macro default__hash(field) %}{{ return('md5(cast(' ~ field ~ ' as ' ~ type_string() ~ '))') }}{% endmacro %}

{% macro length(expression) -%} {{ return(adapter.dispatch('length', 'dbt')(expression)) }} {%- endmacro %}
{% macro default__length(expression) %}{{ return('length(' ~ expression ~ ')') }}{% endmacro %}

{% macro position(substring_text, string_text) -%} {{ return(adapter.dispatch('position', 'dbt')(substring_text, string_text)) }} {%- endmacro %}
{% macro default__position(substring_text, string_text) %}{{ return('position(' ~ substring_text ~ ' in ' ~ string_text ~ ')') }}{% endmacro %}

{% macro replace(field, old_chars, new_chars) -%} {{ return(adapter.dispatch('replace', 'dbt')(field, old_chars, new_chars)) }} {%- endmacro %}
{% macro default__replace(field, old_chars, new_chars) %}{{ return('replace(' ~ field ~ ', ' ~ old_chars ~ ', ' ~ new_chars ~ ')') }}{% endmacro %}

{% macro right(string_text, length_expression) -%} {{ return(adapter.dispatch('right', 'dbt')(string_text, length_expression)) }} {%- endmacro %}
{% macro default__right(string_text, length_expression) %}{{ return('right(' ~ string_text ~ ', ' ~ length_expression ~ ')') }}{% endmacro %}

{# Parts count from 1, negative ones from the end. #}
{% macro split_part(string_text, delimiter_text, part_number) -%}
    {{ return(adapter.dispatch('split_part', 'dbt')(string_text, delimiter_text, part_number)) }}
{%- endmacro %}
{% macro default__split_part(string_text, delimiter_text, part_number) %}
    {{ return('split_part(' ~ string_text ~ ', ' ~ delimiter_text ~ ', ' ~ part_number ~ ')') }}
{% endmacro %}


{% macro any_value(expression) -%} {{ return(adapter.dispatch('any_value', 'dbt')(expression)) }} {%- endmacro %}
{% macro default__any_value(expression) %}{{ return('any_value(' ~ expression ~ ')') }}{% endmacro %}
{% macro postgres__any_value(expression) %}{{ return('min(' ~ expression ~ ')') }}{% endmacro %}

{% macro bool_or(expression) -%} {{ return(adapter.dispatch('bool_or', 'dbt')(expression)) }} {%- endmacro %}
{% macro default__bool_or(expression) %}{{ return('bool_or(' ~ expression ~ ')') }}{% endmacro %}

{# The values of a group in one string. `order_by_clause` is a whole clause: `order by id`. `limit_num` keeps the first ones. #}
{% macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
    {{ return(adapter.dispatch('listagg', 'dbt')(measure, delimiter_text, order_by_clause, limit_num)) }}
{%- endmacro %}
{% macro default__listagg(measure, delimiter_text, order_by_clause, limit_num) %}
    {% set order_by = ' ' ~ order_by_clause if order_by_clause else '' %}
    {% if limit_num %}
        {{ return('array_to_string((array_agg(' ~ measure ~ order_by ~ '))[1:' ~ limit_num ~ '], ' ~ delimiter_text ~ ')') }}
    {% endif %}
    {{ return('string_agg(' ~ measure ~ ', ' ~ delimiter_text ~ order_by ~ ')') }}
{% endmacro %}


{% macro except() -%} {{ return(adapter.dispatch('except', 'dbt')()) }} {%- endmacro %}
{% macro default__except() %}{{ return('except') }}{% endmacro %}

{% macro intersect() -%} {{ return(adapter.dispatch('intersect', 'dbt')()) }} {%- endmacro %}
{% macro default__intersect() %}{{ return('intersect') }}{% endmacro %}

{% macro equals(expr1, expr2) -%} {{ return(adapter.dispatch('equals', 'dbt')(expr1, expr2)) }} {%- endmacro %}
{% macro default__equals(expr1, expr2) %}{{ return('(' ~ expr1 ~ ' = ' ~ expr2 ~ ')') }}{% endmacro %}


{% macro array_construct(inputs=[], data_type=none) -%} {{ return(adapter.dispatch('array_construct', 'dbt')(inputs, data_type)) }} {%- endmacro %}
{% macro default__array_construct(inputs, data_type) %}
    {% set array = 'array[' ~ (inputs | join(', ')) ~ ']' %}
    {{ return(array if inputs or data_type is none else array ~ '::' ~ data_type ~ '[]') }}
{% endmacro %}

{% macro array_append(array, new_element) -%} {{ return(adapter.dispatch('array_append', 'dbt')(array, new_element)) }} {%- endmacro %}
{% macro default__array_append(array, new_element) %}{{ return('array_append(' ~ array ~ ', ' ~ new_element ~ ')') }}{% endmacro %}

{% macro array_concat(array_1, array_2) -%} {{ return(adapter.dispatch('array_concat', 'dbt')(array_1, array_2)) }} {%- endmacro %}
{% macro default__array_concat(array_1, array_2) %}{{ return('array_cat(' ~ array_1 ~ ', ' ~ array_2 ~ ')') }}{% endmacro %}


{# The text of one key of a JSON object; null where the object has no such key. #}
{% macro json_value(expression, key) -%} {{ return(adapter.dispatch('json_value', 'dbt')(expression, key)) }} {%- endmacro %}
{% macro default__json_value(expression, key) %}
    {{ return('(' ~ expression ~ ") ->> '" ~ escape_single_quotes(key) ~ "'") }}
{% endmacro %}
{% macro duckdb__json_value(expression, key) %}
    {# A path with the key in double quotes, so that any key is a key. #}
    {{ return('json_extract_string(' ~ expression ~ ", '$.\"" ~ escape_single_quotes(key) ~ "\"')") }}
{% endmacro %}
