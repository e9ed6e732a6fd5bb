"""The worker alone, and against the local Hub."""
