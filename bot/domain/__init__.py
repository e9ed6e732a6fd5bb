"""Pure words: models, events, commands, messages, errors. No I/O and no clock."""
