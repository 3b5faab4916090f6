"""Open311 GeoReport v2 for reading: the city's requests for programs that already speak it.

https://wiki.open311.org/GeoReport_v2, with the paging, update, place and history extensions that
cities added to it.
"""
