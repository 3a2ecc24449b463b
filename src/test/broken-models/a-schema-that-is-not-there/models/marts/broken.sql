select order_id from warehouse.orders
