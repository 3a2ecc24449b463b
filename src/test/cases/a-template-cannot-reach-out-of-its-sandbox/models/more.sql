select '{{ ref('orders').constructor.name }}' as a
