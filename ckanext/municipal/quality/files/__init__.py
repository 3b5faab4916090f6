"""Data files: their tables, the types of their columns, and what is wrong with them. Pure."""
