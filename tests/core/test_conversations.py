"""Conversations: nothing lost, nothing twice, and always a way on."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import conversations, privacy
from bot.core.conversations import AlreadyOpen, Asked, Closed, Conversation, Spot, step_before
from bot.core.forms import SUMMARY, Choice, Form, TooLong, Unfit, Words
from bot.core.people import Person
from storage.sealing import Seal
from storage.store import Database
from tests.builders import OTHER_KEY, met
from tests.clock import NOON, StoppedClock
from tests.forms import by, stands
from tests.rows import rows, run_sql

FORM = Form(
    "trip",
    (Choice("who", ("me", "us")), Words("why", 10), Words("more", 10, optional=True)),
)
OTHER = Form("other", (Words("name", 10),))
FORMS = {FORM.id: FORM, OTHER.id: OTHER}


@pytest.fixture
async def olena(store: Database, clock: StoppedClock) -> Person:
    return await met(store, clock)


@pytest.fixture
async def draft(store: Database, clock: StoppedClock, olena: Person) -> Conversation:
    return stands(await begins(store, clock, olena))


async def begins(
    store: Database,
    clock: StoppedClock,
    someone: Person,
    form: Form = FORM,
    *,
    update_id: int | None = None,
    instead_of: int | None = None,
) -> Asked | AlreadyOpen:
    async with store.transaction() as records:
        cause = by(someone, clock, update_id)
        return await conversations.begin(records, form, cause, instead_of=instead_of)


async def fills(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> Conversation:
    """Up to the summary."""
    await conversations.choose(store, FORMS, by(olena, clock), Spot(draft.draft, 0), value=0)
    await conversations.say(store, FORMS, by(olena, clock), "a visit")
    return stands(await conversations.skip(store, FORMS, by(olena, clock), Spot(draft.draft, 2)))


async def test_each_answer_leads_to_the_next_question(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    chosen = stands(
        await conversations.choose(store, FORMS, by(olena, clock), Spot(draft.draft, 0), value=1)
    )
    said = stands(await conversations.say(store, FORMS, by(olena, clock), "a visit"))
    skipped = stands(await conversations.skip(store, FORMS, by(olena, clock), Spot(draft.draft, 2)))

    assert [now.step for now in (draft, chosen, said, skipped)] == ["who", "why", "more", SUMMARY]
    assert skipped.answers == {"who": "us", "why": "a visit", "more": ""}


async def test_an_answer_stands_in_the_database_sealed(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    full = await fills(store, clock, olena, draft)

    (row,) = await rows(store, "conversations")
    assert b"visit" not in row["answers"]
    assert await conversations.standing(store, olena.id) == full


async def test_a_draft_moved_to_another_person_does_not_open(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    anna = await met(store, clock, 1003)
    async with store.transaction() as records:
        await records.put_conversation(replace(draft, person_id=anna.id))
    own = await conversations.standing(store, anna.id)

    await run_sql(
        store,
        f"UPDATE conversations SET answers = (SELECT answers FROM conversations"  # noqa: S608
        f" WHERE person_id = {olena.id}) WHERE person_id = {anna.id}",
    )

    assert own
    assert await conversations.standing(store, anna.id) is None


async def test_a_draft_whose_key_is_missing_is_as_good_as_none(
    clock: StoppedClock, olena: Person, draft: Conversation, database_url: str
) -> None:
    async with Database(database_url, Seal([OTHER_KEY])) as other:
        assert await conversations.standing(other, olena.id) is None

        fresh = stands(await begins(other, clock, olena))
    assert fresh.draft != draft.draft


async def test_the_same_update_again_changes_nothing(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    choice = by(olena, clock, 7)
    await conversations.choose(store, FORMS, choice, Spot(draft.draft, 0), value=1)
    text = by(olena, clock, 8)
    once = await conversations.say(store, FORMS, text, "a visit")

    again = await conversations.say(store, FORMS, text, "a visit")

    assert again == once
    assert stands(again).step == "more"


async def test_back_repeated_after_a_crash_goes_back_once(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    await conversations.choose(store, FORMS, by(olena, clock), Spot(draft.draft, 0), value=1)
    await conversations.say(store, FORMS, by(olena, clock), "a visit")
    back, spot = by(olena, clock, 9), Spot(draft.draft, 2)
    await conversations.go_back(store, FORMS, back, spot)

    again = await conversations.go_back(store, FORMS, back, spot)

    assert stands(again).step == "why"


async def test_begun_twice_by_one_update_is_one_draft(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    first = await begins(store, clock, olena, update_id=5)
    again = await begins(store, clock, olena, update_id=5)

    assert stands(again) == stands(first)


async def test_who_has_a_draft_is_asked_before_it_goes(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    assert await begins(store, clock, olena) == AlreadyOpen(draft)
    assert await begins(store, clock, olena, OTHER) == AlreadyOpen(draft)
    assert await conversations.standing(store, olena.id) == draft


async def test_begun_anew_the_old_answers_are_gone(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    await fills(store, clock, olena, draft)

    fresh = stands(await begins(store, clock, olena, instead_of=draft.draft))

    assert (fresh.step, fresh.answers) == ("who", {})
    assert fresh.draft != draft.draft


async def test_a_second_tap_on_begin_anew_keeps_what_was_begun(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    fresh = await begins(store, clock, olena, instead_of=draft.draft)

    again = await begins(store, clock, olena, instead_of=draft.draft)

    assert again == fresh


async def test_two_that_begin_at_once_share_one_draft(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(begins(store, clock, olena)) for _ in range(4)]

    assert len({task.result().conversation.draft for task in tasks}) == 1
    assert len(await rows(store, "conversations")) == 1


async def test_a_tap_under_an_earlier_question_is_explained(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    spot = Spot(draft.draft, 0)
    now = stands(await conversations.choose(store, FORMS, by(olena, clock), spot, value=0))

    other = await conversations.choose(store, FORMS, by(olena, clock), spot, value=1)
    same = await conversations.choose(store, FORMS, by(olena, clock), spot, value=0)

    assert other == Asked(now, Unfit.PASSED)
    assert same == Asked(now)


async def test_a_forged_answer_changes_nothing(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    for place, value in [(0, 2), (0, -1), (1, 0), (3, 0), (-1, 0), (99, 0)]:
        spot = Spot(draft.draft, place)

        result = await conversations.choose(store, FORMS, by(olena, clock), spot, value)

        assert result == Asked(draft, Unfit.PASSED)


async def test_what_is_asked_for_cannot_be_skipped(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    result = await conversations.skip(store, FORMS, by(olena, clock), Spot(draft.draft, 0))

    assert result == Asked(draft, Unfit.PASSED)


async def test_a_text_where_a_choice_is_asked_repeats_the_question(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    result = await conversations.say(store, FORMS, by(olena, clock), "me")

    assert result == Asked(draft, Unfit.NOT_A_CHOICE)


async def test_a_text_that_is_too_long_is_measured_and_not_taken(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    spot = Spot(draft.draft, 0)
    now = stands(await conversations.choose(store, FORMS, by(olena, clock), spot, value=0))

    result = await conversations.say(store, FORMS, by(olena, clock), "x" * 4_096)

    assert result == Asked(now, TooLong(4_096, 10))
    assert await conversations.standing(store, olena.id) == now


async def test_one_field_is_changed_and_the_others_stay(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    await fills(store, clock, olena, draft)

    asked = await conversations.go_to(store, FORMS, by(olena, clock), Spot(draft.draft, 1))
    changed = await conversations.say(store, FORMS, by(olena, clock), "work")

    assert stands(asked).step == "why"
    assert stands(changed).step == SUMMARY
    assert stands(changed).answers == {"who": "me", "why": "work", "more": ""}


async def test_back_from_a_field_of_a_full_form_leads_to_the_summary(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    full = await fills(store, clock, olena, draft)
    await conversations.go_to(store, FORMS, by(olena, clock), Spot(draft.draft, 1))

    back = await conversations.go_back(store, FORMS, by(olena, clock), Spot(draft.draft, 1))

    assert stands(back).step == SUMMARY
    assert stands(back).answers == full.answers


async def test_a_second_tap_on_back_goes_no_further(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    await conversations.choose(store, FORMS, by(olena, clock), Spot(draft.draft, 0), value=1)
    await conversations.say(store, FORMS, by(olena, clock), "a visit")
    spot = Spot(draft.draft, 2)
    await conversations.go_back(store, FORMS, by(olena, clock), spot)

    again = await conversations.go_back(store, FORMS, by(olena, clock), spot)

    assert stands(again).step == "why"
    assert stands(again).answers == {"who": "us", "why": "a visit"}


async def test_a_field_that_does_not_exist_is_not_gone_to(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    result = await conversations.go_to(store, FORMS, by(olena, clock), Spot(draft.draft, 99))

    assert result == Asked(draft)


async def test_buttons_of_another_draft_find_it_closed(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    cause, spot = by(olena, clock), Spot(draft.draft + 1, 0)

    assert await conversations.choose(store, FORMS, cause, spot, value=0) == Closed()
    assert await conversations.skip(store, FORMS, cause, spot) == Closed()
    assert await conversations.go_back(store, FORMS, cause, spot) == Closed()
    assert await conversations.go_to(store, FORMS, cause, spot) == Closed()
    assert await conversations.cancel(store, olena.id, spot.draft) is None
    assert await conversations.standing(store, olena.id) == draft


async def test_without_a_draft_there_is_nothing_to_answer_or_cancel(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    assert await conversations.say(store, FORMS, by(olena, clock), "hello") == Closed()
    assert await conversations.cancel(store, olena.id) is None


async def test_a_form_that_is_unknown_here_is_closed(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    del draft

    assert await conversations.say(store, {}, by(olena, clock), "hello") == Closed()


async def test_cancelled_the_draft_is_erased(
    store: Database, olena: Person, draft: Conversation
) -> None:
    assert await conversations.cancel(store, olena.id) == draft
    assert await rows(store, "conversations") == []


async def test_nobody_touches_the_draft_of_another(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    anna = await met(store, clock, 1003)
    spot = Spot(draft.draft, 0)

    assert await conversations.choose(store, FORMS, by(anna, clock), spot, value=0) == Closed()
    assert await conversations.cancel(store, anna.id, draft.draft) is None
    assert await conversations.standing(store, olena.id) == draft


async def test_a_draft_is_kept_for_thirty_days_after_the_last_answer(
    store: Database, clock: StoppedClock, olena: Person, draft: Conversation
) -> None:
    clock.advance(days=20)
    await conversations.choose(store, FORMS, by(olena, clock), Spot(draft.draft, 0), value=1)
    clock.advance(days=30)
    await privacy.sweep(store, clock)
    kept = await conversations.standing(store, olena.id)
    clock.advance(seconds=1)

    await privacy.sweep(store, clock)

    assert kept
    assert kept.answers == {"who": "us"}
    assert await conversations.standing(store, olena.id) is None


@given(
    answers=st.dictionaries(st.sampled_from(["who", "why", "more"]), st.just("x")),
    step=st.sampled_from(["who", "why", "more"]),
)
def test_back_never_leads_further_on_but_to_the_summary(answers: dict[str, str], step: str) -> None:
    now = Conversation(1, 2, FORM.id, step, answers, 3, NOON, NOON)

    before = step_before(FORM, now)

    assert before == SUMMARY or FORM.place(before) == max(FORM.place(step) - 1, 0)
    assert (before == SUMMARY) == (len(answers) == 3)
