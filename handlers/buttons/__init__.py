"""Every button as a typed value, and its wire form of at most 64 bytes.

The wire form is "prefix" or "prefix:field:field". A form once sent is never reused for another
meaning: messages keep their buttons for years. Whoever taps is untrusted; rights are checked
where the button takes effect.
"""

from handlers.buttons.forms import (
    BeginAnew,
    CancelForm,
    ChangeAnswer,
    ChooseAnswer,
    GiveFeedback,
    GoOn,
    QuestionBefore,
    SendForm,
    SkipQuestion,
)
from handlers.buttons.news import (
    AskWithdrawNews,
    NewsPage,
    NewsProgress,
    RejectNews,
    ReleaseNews,
    ResendDoubtful,
    Review,
    WithdrawNews,
)
from handlers.buttons.people import (
    AllTopics,
    ChooseLanguage,
    FollowTopic,
    ForgetMe,
    MyData,
    NoTopics,
    PauseFor,
    Resume,
    ShowHelp,
    ShowMenu,
    ShowPrivacy,
    ShowTopics,
    Stop,
    ToggleTopic,
    TopicsDone,
)
from handlers.buttons.wire import LIMIT_BYTES, Button

__all__ = [
    "LIMIT_BYTES",
    "AllTopics",
    "AskWithdrawNews",
    "BeginAnew",
    "Button",
    "CancelForm",
    "ChangeAnswer",
    "ChooseAnswer",
    "ChooseLanguage",
    "FollowTopic",
    "ForgetMe",
    "GiveFeedback",
    "GoOn",
    "MyData",
    "NewsPage",
    "NewsProgress",
    "NoTopics",
    "PauseFor",
    "QuestionBefore",
    "RejectNews",
    "ReleaseNews",
    "ResendDoubtful",
    "Resume",
    "Review",
    "SendForm",
    "ShowHelp",
    "ShowMenu",
    "ShowPrivacy",
    "ShowTopics",
    "SkipQuestion",
    "Stop",
    "ToggleTopic",
    "TopicsDone",
    "WithdrawNews",
]
