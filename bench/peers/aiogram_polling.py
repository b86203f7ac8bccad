"""aiogram as installed: start_polling and an echo. Its memory ends with the process."""

import asyncio
from typing import Any

# Only the peers' own Python has it.
from aiogram import Bot, Dispatcher  # type: ignore[import-not-found]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]

from bench.peers.polling import Telegram, told


async def echo(message: Any) -> None:
    await message.answer(message.text)


async def main(telegram: Telegram) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    async with Bot(telegram.token, session) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(told()))
