"""Who is measured: each a program of its own, run by the Python that has what it needs.

environment.py makes that Python. workers.py is what all programs share; it needs no library.
"""
