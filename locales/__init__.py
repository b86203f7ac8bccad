"""What the bot says, in German and Ukrainian. texts.py hands it out; bot.pot lists it all."""
