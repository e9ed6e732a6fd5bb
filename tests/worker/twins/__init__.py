"""Apps that are rehearsed beside a twin, and how the tests do it."""
