"""A made-up installation of Improve My City v3: what it knows, and the API it answers.

``python -m dev.demo.improve_my_city --key-file FILE --since 2026-01-01`` serves the demonstration
city's one on loopback; the tests serve others by the same code. All requests in it are invented, the personal
data in them too.
"""
