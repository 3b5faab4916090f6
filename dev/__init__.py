"""The launcher: one machine's PostgreSQL, Redis, Solr, CKAN and its workers, by the standard library alone.

It runs before any virtual environment exists, so nothing here imports a package that is not in Python.
"""
