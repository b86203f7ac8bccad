"""Photos, documents and other files, alone or as an album, and their way back."""

import secrets
from functools import partial

from sandbox.asking import Asked, Method
from sandbox.errors import bad_request
from sandbox.formatting import caption_of
from sandbox.posting import markup_of, post, text_fields
from sandbox.receiving import Upload
from sandbox.uploads import LARGEST_DOWNLOAD, Stored, Uploads, media_of
from sandbox.wire import Encoded, Json, decode

_KINDS = ("photo", "document", "video", "audio", "voice", "animation")
_ALBUM_KINDS = ("photo", "document", "video", "audio")
_ALBUM = range(2, 11)


def send_file(kind: str, asked: Asked) -> Encoded:
    text, entities = caption_of(asked)
    markup = markup_of(asked)
    source = asked.files.get(kind) or asked.text(kind)
    if not source:
        raise bad_request(f"There is no {kind} in the request")
    content = _media(asked, kind, source) | text_fields(text, entities, "caption")
    return post(asked, asked.chat_to_write(), content, markup)


def send_album(asked: Asked) -> list[Json]:
    media = asked.json("media")
    if not isinstance(media, list):
        raise bad_request("Can't parse media JSON object")
    if len(media) not in _ALBUM:
        amount = "few" if len(media) < _ALBUM.start else "many"
        raise bad_request(f"Too {amount} messages to send as an album")
    contents = [_album_content(asked, item) for item in media]
    chat = asked.chat_to_write(len(media))
    album = {"media_group_id": str(secrets.randbits(53))}
    return [decode(post(asked, chat, album | content)) for content in contents]


def get_file(asked: Asked) -> Json:
    file_id = asked.text("file_id")
    if not file_id:
        raise bad_request("File_id not specified")
    stored = Uploads(asked.world.store).find(asked.bot.id, file_id)
    if stored is None:
        raise bad_request("Wrong file_id or the file is temporarily unavailable")
    if stored.size > LARGEST_DOWNLOAD:
        raise bad_request("File is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


def _album_content(asked: Asked, item: object) -> Json:
    if not isinstance(item, dict) or item.get("type") not in _ALBUM_KINDS:
        raise bad_request("Can't parse InputMedia: Media type is unsupported")
    given = str(item.get("media", ""))
    name = given.removeprefix("attach://")
    source = asked.files.get(name, "") if name != given else given
    if not source:
        raise bad_request("Can't parse InputMedia: Media not found")
    described = Asked(asked.world, asked.bot, item, {}, asked.deliver)
    caption = text_fields(*caption_of(described), "caption")
    return _media(asked, item["type"], source) | caption


def _media(asked: Asked, kind: str, source: Upload | str) -> Json:
    uploads = Uploads(asked.world.store)
    if isinstance(source, Upload):
        stored = uploads.keep(asked.bot.id, kind, source)
        return _fields(stored, kind, source.content)
    if (attached := source.removeprefix("attach://")) != source and attached in asked.files:
        return _media(asked, kind, asked.files[attached])
    if "://" in source:
        raise bad_request("Failed to get HTTP URL content")
    known = uploads.find(asked.bot.id, source)
    if known is None:
        raise bad_request("Wrong file identifier/HTTP URL specified")
    return _fields(known, kind, b"")


def _fields(stored: Stored, kind: str, content: bytes) -> Json:
    if stored.kind != kind:
        raise bad_request(
            f"Can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}"
        )
    media = media_of(stored, content)
    fields: Json = {kind: media}
    return fields | ({"document": media} if kind == "animation" else {})


METHODS: dict[str, Method] = {
    **{f"send{kind.capitalize()}": partial(send_file, kind) for kind in _KINDS},
    "sendMediaGroup": send_album,
    "getFile": get_file,
}
