{# Types by what they hold. Each gives the engine's name of the type. #}

{% macro type_string() -%} {{ return(adapter.dispatch('type_string', 'dbt')()) }} {%- endmacro %}
{% macro default__type_string() %}{{ return(api.Column.translate_type('string')) }}{% endmacro %}

{% macro type_timestamp() -%} {{ return(adapter.dispatch('type_timestamp', 'dbt')()) }} {%- endmacro %}
{% macro default__type_timestamp() %}{{ return(api.Column.translate_type('timestamp')) }}{% endmacro %}
{% macro postgres__type_timestamp() %}{{ return('timestamp without time zone') }}{% endmacro %}

{% macro type_int() -%} {{ return(adapter.dispatch('type_int', 'dbt')()) }} {%- endmacro %}
{% macro default__type_int() %}{{ return(api.Column.translate_type('integer')) }}{% endmacro %}

{% macro type_bigint() -%} {{ return(adapter.dispatch('type_bigint', 'dbt')()) }} {%- endmacro %}
{% macro default__type_bigint() %}{{ return(api.Column.translate_type('bigint')) }}{% endmacro %}

{% macro type_float() -%} {{ return(adapter.dispatch('type_float', 'dbt')()) }} {%- endmacro %}
{% macro default__type_float() %}{{ return(api.Column.translate_type('float')) }}{% endmacro %}

{% macro type_numeric() -%} {{ return(adapter.dispatch('type_numeric', 'dbt')()) }} {%- endmacro %}
{% macro default__type_numeric() %}{{ return('numeric(28,6)') }}{% endmacro %}

{% macro type_boolean() -%} {{ return(adapter.dispatch('type_boolean', 'dbt')()) }} {%- endmacro %}
{% macro default__type_boolean() %}{{ return(api.Column.translate_type('boolean')) }}{% endmacro %}


{% macro cast(expression, data_type) -%} {{ return(adapter.dispatch('cast', 'dbt')(expression, data_type)) }} {%- endmacro %}
{% macro default__cast(expression, data_type) %}{{ return('cast(' ~ expression ~ ' as ' ~ data_type ~ ')') }}{% endmacro %}

{# A cast that gives null where the value does not fit. Postgres has none, and fails instead. #}
{% macro safe_cast(field, type) -%} {{ return(adapter.dispatch('safe_cast', 'dbt')(field, type)) }} {%- endmacro %}
{% macro default__safe_cast(field, type) %}{{ return('cast(' ~ field ~ ' as ' ~ type ~ ')') }}{% endmacro %}
{% macro duckdb__safe_cast(field, type) %}{{ return('try_cast(' ~ field ~ ' as ' ~ type ~ ')') }}{% endmacro %}

{% macro cast_bool_to_text(expression) -%} {{ return(adapter.dispatch('cast_bool_to_text', 'dbt')(expression)) }} {%- endmacro %}
{% macro default__cast_bool_to_text(expression) %}{{ return('cast(' ~ expression ~ ' as ' ~ type_string() ~ ')') }}{% endmacro %}
