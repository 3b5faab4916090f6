"""The score of metadata that data.europa.eu gives (MQA, 405 points), and what lifts it. Pure.

A record's triples become `facts`, these with the state of its links a judgement by metric
(`judging`), from which follow points (`points`), what to mend first (`fixes`), the two readings of
a whole catalogue (`readings`) and the stars of openness (`stars`).
"""
