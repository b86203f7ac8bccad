"""python-telegram-bot as installed: run_polling and an echo. Its memory ends with the process."""

from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.peers.polling import Telegram, told


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    del context
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(telegram: Telegram) -> None:
    builder = Application.builder().token(telegram.token).base_url(f"{telegram.url}/bot")
    app: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.run_polling()


if __name__ == "__main__":
    main(told())
