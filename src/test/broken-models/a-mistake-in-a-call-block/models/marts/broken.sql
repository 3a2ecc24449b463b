{% call with_total(ref('orders')) %}sum(price){% endcall %}
