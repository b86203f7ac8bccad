"""Editing and deleting: what changes, and what is refused."""

from tests.people import Desk
from tests.sandbox.conftest import Api

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
BUTTON = {"inline_keyboard": [[{"text": "Так", "callback_data": "yes"}]]}


async def test_an_edit_changes_text_and_removes_the_keyboard(
    api: Api, desk: Desk, olena: int
) -> None:
    sent = await api.call("sendMessage", chat_id=olena, text="a", reply_markup=BUTTON)

    edited = await api.call(
        "editMessageText", chat_id=olena, message_id=sent["message_id"], text="b"
    )

    assert edited["text"] == "b"
    assert edited["edit_date"]
    assert "reply_markup" not in edited
    assert (await desk.olena.last()).text == "b"


async def test_an_edit_without_a_change_is_refused(api: Api, olena: int) -> None:
    html = {"chat_id": olena, "parse_mode": "HTML", "reply_markup": BUTTON}
    sent = await api.call("sendMessage", text="<b>a</b>", **html)
    same = {"message_id": sent["message_id"], **html}

    assert await api.refused("editMessageText", text="<strong>a</strong>", **same) == NOT_MODIFIED
    assert await api.refused("editMessageReplyMarkup", **same) == NOT_MODIFIED
    assert (await api.call("editMessageText", text="<i>a</i>", **same))["text"] == "a"


async def test_what_cannot_be_edited_is_said(api: Api, desk: Desk, olena: int) -> None:
    spoken = (await desk.olena.says("hallo"))["message"]["message_id"]
    keys = {"keyboard": [["x"]]}
    with_keys = await api.call("sendMessage", chat_id=olena, text="a", reply_markup=keys)
    edit = {"chat_id": olena, "text": "b"}

    unknown = await api.refused("editMessageText", message_id=999, **edit)
    foreign = await api.refused("editMessageText", message_id=spoken, **edit)
    keyed = await api.refused("editMessageText", message_id=with_keys["message_id"], **edit)
    wrong = await api.refused("editMessageText", message_id=1, **edit, reply_markup=keys)

    assert unknown == "Bad Request: message to edit not found"
    assert foreign == keyed == "Bad Request: message can't be edited"
    assert wrong == "Bad Request: inline keyboard expected"


async def test_a_file_has_no_text_to_edit_but_a_caption(api: Api, olena: int) -> None:
    files = {"document": ("a.txt", b"x")}
    address = f"{api._address}sendDocument"
    answer = await api.client.post(address, data={"chat_id": olena}, files=files)
    edit = {"chat_id": olena, "message_id": answer.json()["result"]["message_id"]}

    said = await api.refused("editMessageText", text="b", **edit)
    edited = await api.call("editMessageCaption", caption="b", **edit)

    assert said == "Bad Request: there is no text in the message to edit"
    assert edited["caption"] == "b"


async def test_a_deleted_message_is_gone_for_the_bot(api: Api, desk: Desk, olena: int) -> None:
    sent = await api.call("sendMessage", chat_id=olena, text="a")
    gone = {"chat_id": olena, "message_id": sent["message_id"]}

    assert await api.call("deleteMessage", **gone) is True

    assert await api.refused("deleteMessage", **gone) == "Bad Request: message to delete not found"
    assert await api.refused("editMessageText", text="b", **gone) == (
        "Bad Request: message to edit not found"
    )
    await desk.olena.does_not_see("a")
    shown = (await desk.get("messages", chat=olena))["messages"]
    assert shown[-1]["deleted"] is True


async def test_messages_older_than_two_days_cannot_be_deleted(
    api: Api, desk: Desk, olena: int
) -> None:
    old = await desk.olena.says("a", age=49 * 3600)

    said = await api.refused(
        "deleteMessage", chat_id=olena, message_id=old["message"]["message_id"]
    )

    assert said == "Bad Request: message can't be deleted"
