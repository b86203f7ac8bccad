"""Buttons on news: pages, the review, and what was sent."""

from dataclasses import dataclass

from handlers.buttons.wire import Button


@dataclass(frozen=True, slots=True)
class NewsPage(Button):
    prefix = "news"
    skip: int


@dataclass(frozen=True, slots=True)
class Review(Button):
    prefix = "review"
    place: int


@dataclass(frozen=True, slots=True)
class ReleaseNews(Button):
    """`tell` is 1 to notify followers, 0 to publish silently."""

    prefix = "release"
    news_id: int
    tell: int


@dataclass(frozen=True, slots=True)
class RejectNews(Button):
    prefix = "reject"
    news_id: int


@dataclass(frozen=True, slots=True)
class NewsProgress(Button):
    prefix = "progress"
    news_id: int


@dataclass(frozen=True, slots=True)
class ResendDoubtful(Button):
    prefix = "again"
    news_id: int


@dataclass(frozen=True, slots=True)
class AskWithdrawNews(Button):
    prefix = "withdraw"
    news_id: int


@dataclass(frozen=True, slots=True)
class WithdrawNews(Button):
    prefix = "withdraw_yes"
    news_id: int
