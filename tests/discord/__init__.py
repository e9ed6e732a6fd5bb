"""The stand-in for Discord, as the real discord.py and a plain HTTP client find it."""
