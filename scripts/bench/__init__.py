"""Speed, each thing beside the least that it could take, in one run: `make bench` prints one table."""
