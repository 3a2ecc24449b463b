select '{{ process.env.HOME }}' as home
