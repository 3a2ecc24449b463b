select customer
from main.order
