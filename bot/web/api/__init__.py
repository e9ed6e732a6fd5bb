"""The API for scripts: the same commands as in the chat, and the rows as they are (docs/api.md)."""
