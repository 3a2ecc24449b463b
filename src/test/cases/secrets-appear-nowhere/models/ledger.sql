select 'hunter2 and s3cret_word' as word
