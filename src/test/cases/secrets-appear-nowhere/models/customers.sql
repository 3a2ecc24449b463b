select cast('hunter2 and s3cret_word' as integer) as customer
