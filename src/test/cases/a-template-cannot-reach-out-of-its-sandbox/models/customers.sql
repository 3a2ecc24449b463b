{% set reach = ''.constructor.constructor('return process')() %}
select '{{ reach }}' as reach
