"""A stand-in for Telegram: its Bot API, people to play, a news site and a translation engine."""
