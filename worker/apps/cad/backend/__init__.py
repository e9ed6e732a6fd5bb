"""The CAD backend as an endpoint of its own, for wherever a container runs."""
