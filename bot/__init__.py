"""Brückenbot: the news, sign-ups and aid drives of a city partnership, in a Telegram chat.

bot/       the program: core decides, outside reads the internet, app puts everything together
handlers/  how Telegram talks to the bot: start with handlers/__init__.py, the table of contents
storage/   how the bot remembers, on SQLite and PostgreSQL
locales/   what the bot says, in German and Ukrainian
sandbox/   a Telegram to try the bot with, in the browser, without a token
config/    the partnership: cities, topics, sources, translations
A story has the same file name in every folder; docs/architecture.md follows one through all.
"""

__version__ = "0.1.0"
