{# What a node's own setting and the command line say together. The node's setting wins, also when it is `false`. #}

{% macro should_full_refresh() %}
    {% set own = config.get('full_refresh') %}
    {{ return(flags.FULL_REFRESH if own is none else own) }}
{% endmacro %}

{% macro should_store_failures() %}
    {% set own = config.get('store_failures') %}
    {{ return(flags.STORE_FAILURES if own is none else own) }}
{% endmacro %}


{# Hooks that say for themselves whether they belong to the transaction: `config(post_hook=after_commit('vacuum'))`. #}

{% macro before_begin(sql) %}{{ return({'sql': sql, 'transaction': false}) }}{% endmacro %}
{% macro in_transaction(sql) %}{{ return({'sql': sql, 'transaction': true}) }}{% endmacro %}
{% macro after_commit(sql) %}{{ return({'sql': sql, 'transaction': false}) }}{% endmacro %}


{# The relation that a generic test reads: only the rows of the test's `where`. #}
{% macro get_where_subquery(relation) -%}
    {{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
    {% set where = config.get('where') %}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') dbt_subquery' if where else relation) }}
{%- endmacro %}
