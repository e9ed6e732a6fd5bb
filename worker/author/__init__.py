"""The author: a coding agent writes the Space where no blueprint fits, with no key in reach."""
