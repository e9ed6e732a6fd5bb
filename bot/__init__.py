"""Everything that makes the bot possible: entrances, durable runs, the Hub, threads, the store, sign-in."""
