"""`python -m bot demo`: the main job on this machine, before your eyes."""

from bot.demo.play import main

__all__ = ["main"]
