"""Measurements against bare counterparts, in one run; `make bench` writes RESULTS.md."""
