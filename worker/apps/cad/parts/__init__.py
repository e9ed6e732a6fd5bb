"""From words to a part: a specification, the kernel that builds it, and the files that come of it."""
