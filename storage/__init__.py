"""How the bot remembers: SQLAlchemy Core on SQLite and PostgreSQL. Start with tables.py."""
