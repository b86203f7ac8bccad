"""Blocks, deleted accounts, groups: where a bot may write and what it hears."""

import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api


async def standing(api: Api) -> list[tuple[str, str]]:
    """(old, new) of every my_chat_member update."""
    changes = [u["my_chat_member"] for u in await api.updates() if "my_chat_member" in u]
    return [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes]


async def test_who_blocks_cannot_be_written_to(api: Api, desk: Desk, olena: int) -> None:
    await desk.olena.blocks()

    answer = await api.answer("sendMessage", chat_id=olena, text="x")

    assert answer.status_code == 403
    assert answer.json()["description"] == "Forbidden: bot was blocked by the user"
    assert await standing(api) == [("member", "kicked")]


async def test_who_unblocks_can_be_written_to(api: Api, desk: Desk, olena: int) -> None:
    await desk.olena.blocks()
    await desk.olena.unblocks()

    assert await api.call("sendMessage", chat_id=olena, text="x")
    assert await standing(api) == [("member", "kicked"), ("kicked", "member")]


async def test_writing_again_unblocks(api: Api, desk: Desk, olena: int) -> None:
    await desk.olena.blocks()

    await desk.olena.says("/start")

    assert await api.call("sendMessage", chat_id=olena, text="x")


async def test_a_block_of_one_bot_is_no_block_of_another(api: Api, desk: Desk, olena: int) -> None:
    other = desk.world.bot(f"{desk.id + 1}:{'B' * 35}")
    await other.olena.says("/start")

    await other.olena.blocks()

    assert await api.call("sendMessage", chat_id=olena, text="x")


async def test_a_deleted_account_is_said_to_be_one(api: Api, desk: Desk) -> None:
    taras = await desk.invite("Taras", "uk")
    await taras.says("/start")

    await taras.deletes_account()

    said = await api.refused("sendMessage", chat_id=taras.id, text="x")
    assert said == "Forbidden: user is deactivated"


async def test_the_bot_is_told_that_it_was_added(api: Api, desk: Desk) -> None:
    group = await desk.group("Hilfe", desk.anna, desk.juergen)

    assert await standing(api) == [("left", "member")]
    assert (await api.call("getChat", chat_id=group))["title"] == "Hilfe"
    owner = await api.call("getChatMember", chat_id=group, user_id=desk.anna.id)
    assert owner["status"] == "creator"


async def test_privacy_mode_lets_through_commands_and_replies(api: Api, desk: Desk) -> None:
    group = await desk.group("Hilfe", desk.anna)
    anna = desk.anna.in_chat(group)
    sent = await api.call("sendMessage", chat_id=group, text="Wer kann?")
    await desk.world.delete("updates", bot=desk.id)

    assert (await anna.says("nur so"))["update_id"] is None
    assert (await anna.says("/help@other_bot"))["update_id"] is None
    assert (await anna.says("/help"))["update_id"]
    assert (await anna.says(f"/help@bruecken_{desk.id}_bot"))["update_id"]
    assert (await anna.says("Ich!", reply_to=sent["message_id"]))["update_id"]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_who_was_thrown_out_is_told_of_what(api: Api, desk: Desk, kind: str) -> None:
    group = await desk.group("Hilfe", desk.anna, kind=kind)
    await desk.post("kick", chat=group)

    said = await api.refused("sendMessage", chat_id=group, text="x")

    assert said == f"Forbidden: bot was kicked from the {kind} chat"


async def test_who_left_is_no_member(api: Api, desk: Desk) -> None:
    group = await desk.group("Hilfe", desk.anna, kind="supergroup")
    await api.call("leaveChat", chat_id=group)

    said = await api.refused("sendMessage", chat_id=group, text="x")

    assert said == "Forbidden: bot is not a member of the supergroup chat"


async def test_an_upgraded_group_names_its_new_id(api: Api, desk: Desk) -> None:
    group = await desk.group("Hilfe", desk.anna)
    new = (await desk.post("migrate", chat=group))["id"]

    answer = (await api.answer("sendMessage", chat_id=group, text="x")).json()

    assert answer["description"] == ("Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert await api.call("sendMessage", chat_id=new, text="x")
    told = [u["message"] for u in await api.updates() if "message" in u]
    assert [m.get("migrate_to_chat_id") for m in told] == [new, None]
    assert [m.get("migrate_from_chat_id") for m in told] == [None, group]


async def test_channel_posts_are_updates_of_their_own(api: Api, desk: Desk) -> None:
    channel = await desk.group("Neues", desk.anna, kind="channel")

    await desk.anna.in_chat(channel).says("Post")

    assert (await api.updates())[-1]["channel_post"]["sender_chat"]["id"] == channel


@pytest.mark.usefixtures("olena")
async def test_corrections_are_updates_of_their_own(api: Api, desk: Desk) -> None:
    told = await desk.olena.says("Halo")

    await desk.olena.corrects(told["message"]["message_id"], "Hallo")

    edited = (await api.updates())[-1]["edited_message"]
    assert edited["text"] == "Hallo"
    assert edited["edit_date"]


async def test_typing_is_accepted_and_nonsense_is_not(api: Api, olena: int) -> None:
    assert await api.call("sendChatAction", chat_id=olena, action="typing") is True

    said = await api.refused("sendChatAction", chat_id=olena, action="yawning")

    assert said == "Bad Request: wrong parameter action in request"
