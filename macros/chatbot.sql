{#-
  The questions of a flow in the order of their first valid answers, each with the name of its column. A name that is
  taken, by a fixed column or by another question, ignoring case, gets the first free suffix: _2, _3, …
-#}
{% macro question_columns(flow, fixed_columns) %}
  {%- set questions = run_query(
    'select question from ' ~ ref('chatbot_questions') ~ ' where flow = ' ~ text_literal(flow) ~ ' order by question_number'
  ).columns[0].values() -%}
  {%- set taken = [] -%}
  {%- for column in fixed_columns %}{% do taken.append(column | lower) %}{% endfor -%}
  {%- set columns = [] -%}
  {%- for question in questions -%}
    {%- set column = free_name(question, taken) -%}
    {%- do taken.append(column | lower) -%}
    {%- do columns.append({'question': question, 'column': column}) -%}
  {%- endfor -%}
  {{ return(columns) }}
{% endmacro %}

{% macro free_name(name, taken) %}
  {%- if name | lower not in taken -%}
    {{ return(name) }}
  {%- endif -%}
  {%- for number in range(2, taken | length + 3) -%}
    {%- set candidate = name ~ '_' ~ number -%}
    {%- if candidate | lower not in taken -%}
      {{ return(candidate) }}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}
