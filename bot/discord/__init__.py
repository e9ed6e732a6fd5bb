"""The entrances for Discord: interactions over the gateway or over HTTP, with one handling for both."""
