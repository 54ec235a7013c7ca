"""The demo city: Huế with made-up cases, so that a new installation can be tried at once.

`data/` holds its facts and words as TOML; `load` writes the facts, then lives through the reports
of the last months on a simulated clock, by the same operations the web calls.
"""
