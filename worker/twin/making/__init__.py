"""Makes twins. It runs beside the app, in the app's environment, and imports nothing else of the worker.

So it is started as `python -m making JOB`, with the folder above on the path: its imports are relative.
"""


class CannotMake(Exception):
    """There is no twin of this model; the message says why, as a part of a sentence."""
