"""What the partnership decides: no Telegram, no SQL, no network.

Inside a file, top to bottom: values, pure rules, what is needed (a Protocol), use cases.
"""
