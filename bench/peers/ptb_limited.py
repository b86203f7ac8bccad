"""python-telegram-bot with the limiter it brings: 30 a second, as its documentation shows it.

With retries, since without them every 429 is a lost message.
"""

import asyncio

from telegram.ext import AIORateLimiter, ExtBot

from bench.peers.workers import Job, Ran, measured, tell, told
from bench.wording import message_to

RETRIES = 5


async def main(job: Job) -> Ran:
    limiter = AIORateLimiter(max_retries=RETRIES)
    async with ExtBot(job.token, base_url=f"{job.url}/bot", rate_limiter=limiter) as bot:

        async def send(chat: int) -> None:
            await bot.send_message(chat, message_to(chat), parse_mode="HTML")

        return await measured(job, send)


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
