"""Tiny models of every family, with random weights, made on this machine: nothing is downloaded.

`python -m tests.models.tiny FOLDER [NAME …]` writes them, with an environment that has torch. A module here
holds the models of a group; a function makes one of them and is named after it.
"""
