"""Where a person waits for an answer: the only room that speaks."""
