"""The demo: a student learns, is measured, published, exported and shown, in one go.

`run.py` has the order of the steps; `steps.py` leaves out what an earlier run has finished.
"""
