"""A Telegram that only takes: far faster than what is measured against it, with limits to order.

wire.py reads HTTP, bot.py answers one token's calls, limits.py refuses, people.py writes and taps,
mailbox.py keeps that until it is fetched; process.py starts all of it as a process of its own. Each
token has rules, limits and a log of its own, so that two clients can be measured side by side.
"""
