"""The internet we read from: feeds, pages, translators."""
