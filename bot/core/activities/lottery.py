"""The lottery: an order that nobody chose and anybody can check.

Before sign-up opens a secret seed is drawn and the hash of it is published. When sign-up has
closed, units are put in the order of sha256("seed|unit id"), the higher priority first, and get
places as long as they fit. The report tells the seed: whoever hashes it finds the commitment, and
whoever sorts the units by it finds the same order.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.activities.places import Places
from bot.core.activities.queue import Unit
from bot.core.activities.values import SignUpState


@dataclass(frozen=True, slots=True)
class Promise:
    """What is fixed before anybody signs up. The seed stays secret until the draw."""

    commitment: str
    seed: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What takes part in a draw."""

    unit_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of the report; lines are in the order of the draw."""

    ticket: Ticket
    state: SignUpState


@dataclass(frozen=True, slots=True)
class Report:
    """Published as it is: it names nobody."""

    commitment: str
    seed: str
    lines: tuple[Drawn, ...]

    @property
    def without_a_place(self) -> tuple[int, ...]:
        return tuple(
            line.ticket.unit_id for line in self.lines if line.state is not SignUpState.ACCEPTED
        )


def commitment_to(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def in_order(seed: str, tickets: Iterable[Ticket]) -> list[Ticket]:
    def rank(ticket: Ticket) -> tuple[int, str]:
        drawn = hashlib.sha256(f"{seed}|{ticket.unit_id}".encode()).hexdigest()
        return -ticket.priority, drawn

    return sorted(tickets, key=rank)


def allotted(ordered: Sequence[Unit], free: Places) -> frozenset[int]:
    """Ids of the units that get places; one that does not fit leaves them to those behind it."""
    chosen = []
    for unit in ordered:
        if free.hold(unit.need):
            chosen.append(unit.id)
            free -= unit.need
    return frozenset(chosen)


def is_right(report: Report) -> bool:
    """Anybody may check: the seed is the one that was promised, and the order follows from it."""
    tickets = [line.ticket for line in report.lines]
    return (
        commitment_to(report.seed) == report.commitment
        and in_order(report.seed, tickets) == tickets
    )
