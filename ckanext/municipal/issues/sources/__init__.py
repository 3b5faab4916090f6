"""Readers of citizens' requests, one a program and its ways of giving them out."""
