select order_id from shop.main.ordes
