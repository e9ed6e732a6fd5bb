"""A Hugging Face Hub on loopback. It imports no other room of the bot and could be released alone."""
