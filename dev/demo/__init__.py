"""A city that does not exist, whose exports have the byte shapes of real ones.

``python -m dev.demo FOLDER`` writes its budgets of five years, as two vendors would export them,
and a few datasets of other kinds. The same code writes the same bytes, always.
"""
