"""The twin: the app is run beside a small model of the same kind, to see whether its answers come from it."""
