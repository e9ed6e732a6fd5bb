"""Calls the deployed Space as a stranger would, and judges what came back."""
