"""The entrances over HTTP: the Hub's webhooks, the workers' reports, people with a browser."""
