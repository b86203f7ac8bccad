"""What our engine is compared with: workers over send_message on the project's own transport.

No database, no pace, no memory: what is lost is lost. It runs on the project's Python.
"""

import asyncio

from telegram import LinkPreviewOptions
from telegram.ext import ExtBot

from bench.peers.workers import Job, Ran, measured, tell, told
from bench.wording import message_to
from handlers.transport import AiohttpTransport

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # the same call as our engine makes


async def main(job: Job) -> Ran:
    bot: ExtBot[None] = ExtBot(
        job.token,
        base_url=f"{job.url}/bot",
        request=AiohttpTransport(job.url, connections=job.in_flight),
    )
    async with bot:

        async def send(chat: int) -> None:
            await bot.send_message(
                chat, message_to(chat), parse_mode="HTML", link_preview_options=NO_PREVIEW
            )

        return await measured(job, send)


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
