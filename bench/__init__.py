"""Speed beside the usual ways, measured in one run: ``make bench``, or ``python -m bench NAME``."""
