"""How Telegram treats a bot: limits, faults, updates lost or made up."""

from dataclasses import fields
from typing import cast

from sandbox.control.orders import Handler, Order
from sandbox.errors import ControlError
from sandbox.faults import KINDS, Fault, FaultKind
from sandbox.limits import Limits
from sandbox.wire import Json

_LIMITS = {field.name: field.type for field in fields(Limits) if not field.name.startswith("_")}


def set_limits(order: Order) -> Json:
    """What is not named keeps Telegram's own value."""
    bot = order.bot()
    limits = Limits()
    for name in _LIMITS:
        value = order.given.get(name)
        if value is None:
            continue
        if not isinstance(value, int | float) or value < 0:
            raise ControlError(400, f"{name} must be a number, not negative.")
        setattr(limits, name, value)
    bot.limits = limits
    return {name: getattr(limits, name) for name in _LIMITS}


def add_fault(order: Order) -> Json:
    kind = order.text("kind")
    if kind not in KINDS:
        raise ControlError(400, f"kind must be one of {', '.join(KINDS)}.")
    order.bot().faults.add(
        Fault(
            kind=cast("FaultKind", kind),
            method=order.text("method", "*").lower(),
            chat=order.number("chat") if order.given.get("chat") is not None else None,
            times=order.number("times", 1),
            after=order.number("after", 0),
            seconds=order.seconds("seconds"),
            retry_after=order.number("retry_after", 1),
            code=order.number("code", 500),
            description=order.text("description", "Internal Server Error"),
            parameters=_parameters(order),
        )
    )
    return {"ok": True}


def _parameters(order: Order) -> Json | None:
    found = order.given.get("parameters")
    if found is not None and not isinstance(found, dict):
        raise ControlError(400, "parameters must be a JSON object.")
    return found


def clear_faults(order: Order) -> Json:
    order.bot().faults.clear()
    return {"ok": True}


def drop_updates(order: Order) -> Json:
    bot = order.bot()
    dropped = len(bot.updates)
    bot.updates.clear()
    return {"dropped": dropped}


def inject_update(order: Order) -> Json:
    update = order.given.get("update")
    if not isinstance(update, dict):
        raise ControlError(400, "update must be a JSON object.")
    return {"update_id": order.bot().updates.push_raw(dict(update))}


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "limits", set_limits),
    ("POST", "faults", add_fault),
    ("DELETE", "faults", clear_faults),
    ("DELETE", "updates", drop_updates),
    ("POST", "update", inject_update),
]
