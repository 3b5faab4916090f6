"""Links: whether addresses of data answer, and whether what is there changed.

`asking` asks one address, `judging` says what follows from the answer, `rules` what a publisher is
told; these are pure but for the request. `work` goes through what is due.
"""
