"""A made-up installation of Improve My City v3: what it knows, and the API it answers.

``python -m dev.demo.improve_my_city --port 8090 --key SECRET`` serves the demonstration city's one
on loopback; the tests serve others by the same code. All requests in it are invented, the personal
data in them too.
"""
