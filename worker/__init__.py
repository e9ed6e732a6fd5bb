"""What runs inside the Hugging Face Job. It ships alone and imports nothing from the bot."""
