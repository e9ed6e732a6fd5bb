"""What the bot does when told something: one file per command or event."""
