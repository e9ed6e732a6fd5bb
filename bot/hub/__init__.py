"""The only room that imports huggingface_hub. A Hub object holds exactly one identity."""
