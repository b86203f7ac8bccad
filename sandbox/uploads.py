"""Files that bots and people sent: kept as they came, found by file id."""

import base64
import mimetypes
import secrets
import struct
from dataclasses import dataclass

from sandbox.errors import bad_request
from sandbox.receiving import Upload
from sandbox.store import Store
from sandbox.wire import Json

LARGEST_DOWNLOAD = 20 * 1024 * 1024
_LARGEST_PHOTO = 10 * 1024 * 1024
_FOLDERS = {"photo": "photos", "sticker": "stickers", "voice": "voice", "video": "videos",
            "audio": "music", "animation": "animations"}  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"
_DURATION = {"duration": 1}
_EXTENT = {"width": 640, "height": 360}
_MORE: dict[str, Json] = {
    "voice": _DURATION,
    "audio": _DURATION,
    "video": _DURATION | _EXTENT,
    "animation": _DURATION | _EXTENT,
    "sticker": {"width": 512, "height": 512, "type": "regular", "is_animated": False,
                "is_video": False, "emoji": "🙂"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    path: str
    size: int


class Uploads:
    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, bot_id: int, kind: str, upload: Upload) -> Stored:
        if not upload.content:
            raise bad_request("File must be non-empty")
        if kind == "photo" and len(upload.content) > _LARGEST_PHOTO:
            raise bad_request("File is too big")
        unique_id = "AQAD" + secrets.token_urlsafe(9)
        name, guessed = upload.name, mimetypes.guess_type(upload.name)[0]
        mime_type = guessed or upload.mime_type
        ending = "jpg" if kind == "photo" else name.rpartition(".")[2][:8] or "bin"
        path = f"{_FOLDERS.get(kind, 'documents')}/file_{unique_id}.{ending}"
        file_id = "BQACAgIAAxk" + secrets.token_urlsafe(33)
        size = len(upload.content)
        stored = Stored(file_id, unique_id, kind, name, mime_type, path, size)
        fields: Json = {name: getattr(stored, name) for name in Stored.__slots__}
        fields["content"] = base64.b64encode(upload.content).decode()
        self._store.put("file", f"{bot_id}:{file_id}", fields)
        self._store.put("path", f"{bot_id}:{path}", {"file_id": file_id})
        return stored

    def find(self, bot_id: int, file_id: str) -> Stored | None:
        found = self._store.get("file", f"{bot_id}:{file_id}")
        return Stored(**{name: found[name] for name in Stored.__slots__}) if found else None

    def content(self, bot_id: int, path: str) -> tuple[bytes, str] | None:
        """(content, media type) of what is offered for download."""
        place = self._store.get("path", f"{bot_id}:{path}")
        found = self._store.get("file", f"{bot_id}:{place['file_id']}") if place else None
        if found is None:
            return None
        return base64.b64decode(found["content"]), found["mime_type"]


def media_of(stored: Stored, content: bytes = b"") -> Json | list[Json]:
    """The object that stands in a message: of photos a list of sizes."""
    known: Json = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
    }
    if stored.kind == "photo":
        width, height = _extent(content)
        return [known | {"width": width, "height": height}]
    if stored.kind != "sticker":
        known["mime_type"] = stored.mime_type
    if stored.kind in ("document", "video", "audio", "animation"):
        known["file_name"] = stored.name
    return known | _MORE.get(stored.kind, {})


def _extent(content: bytes) -> tuple[int, int]:
    if content.startswith(_PNG) and len(content) >= 24:  # noqa: PLR2004
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    return 800, 600
