"""Files in a chat, for the page: it knows no token, so it asks by file id."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.store import Store
from sandbox.uploads import Uploads

# shown in place; anything else could carry a script, so it is only saved
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")


def routes(store: Store) -> list[Route]:
    uploads = Uploads(store)

    async def download(request: Request) -> Response:
        bot, file_id = request.query_params.get("bot", ""), request.query_params.get("file_id", "")
        stored = uploads.find(int(bot), file_id) if bot.isdecimal() else None
        found = uploads.content(int(bot), stored.path) if stored else None
        if stored is None or found is None:
            return Response("There is no such file.", 404, media_type="text/plain")
        content, media_type = found
        place = "inline" if media_type in _SHOWN else "attachment"
        return Response(
            content,
            media_type=media_type,
            headers={
                "Content-Disposition": f"{place}; filename*=UTF-8''{quote(stored.name)}",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return [Route("/control/file", download)]
