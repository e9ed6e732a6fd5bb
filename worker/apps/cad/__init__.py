"""Prompt to CAD. `app.py` and `parts/` become the Space; `checks.py` judges it from outside."""
