"""Every family of models, from its card to its verdict. Needs torch: run by `make test-models`."""
