"""The life of a build: admit, advance, progress."""
