"""Methods of the Bot API: one file for each kind of thing, one table of all."""

from sandbox.asking import Method
from sandbox.methods import callbacks, chats, edits, files, messages, profile, updates

METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for part in (updates, messages, edits, callbacks, files, profile, chats)
    for name, method in part.METHODS.items()
}
