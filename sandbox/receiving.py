"""Parameters of a call, however they were sent."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Receive, Scope

from sandbox.errors import ApiError, bad_request
from sandbox.wire import Json, decode

_LARGEST = 50 * 1024 * 1024 + 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime_type: str
    content: bytes


Files = dict[str, Upload]


async def read_parameters(scope: Scope, receive: Receive) -> tuple[Json, Files]:
    params: Json = {}
    if scope["query_string"]:
        params.update(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    kind = next((v for name, v in scope["headers"] if name == b"content-type"), b"").lower()
    if kind.startswith(b"multipart/form-data"):
        return await _multipart(scope, receive, params)
    body = await read_body(receive)
    if not body:
        return params, {}
    if kind.startswith(b"application/json"):
        params.update(_object(body))
    else:
        params.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return params, {}


async def read_body(receive: Receive) -> bytes:
    event = await receive()
    body: bytes = event.get("body", b"")
    parts = [body]
    size = len(body)
    while event.get("more_body"):
        event = await receive()
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > _LARGEST:
            raise ApiError(413, "Request Entity Too Large")
    return b"".join(parts)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = decode(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise bad_request("Can't parse request body as a JSON object")
    return found


async def _multipart(scope: Scope, receive: Receive, params: Json) -> tuple[Json, Files]:
    files: Files = {}
    async with Request(scope, receive).form(max_part_size=_LARGEST) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                params[name] = value
                continue
            content = await value.read()
            mime_type = value.content_type or "application/octet-stream"
            files[name] = Upload(value.filename or name, mime_type, content)
    return params, files
