"""The pages of docs/ that are made from the code, so that they cannot say something else.

``python -m dev.docs`` writes them; ``make docs`` does that and builds the site. A test fails while
a page is not what is made here. Runs in the virtual environment: what it describes, it imports.
"""
