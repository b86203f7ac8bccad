"""How Telegram talks to the bot: every command and button, in order. The table of contents."""

from collections.abc import Sequence

from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler
from telegram.ext import filters as when

from handlers import (
    conversations,
    delivery,
    feedback,
    help,  # noqa: A004
    membership,
    news,
    privacy,
    settings,
    start,
)
from handlers.answers import Handler, for_coordinator, for_visitor
from handlers.buttons import (
    AllTopics,
    AskWithdrawNews,
    BeginAnew,
    Button,
    CancelForm,
    ChangeAnswer,
    ChooseAnswer,
    ChooseLanguage,
    FollowTopic,
    ForgetMe,
    GiveFeedback,
    GoOn,
    MyData,
    NewsPage,
    NewsProgress,
    NoTopics,
    PauseFor,
    QuestionBefore,
    RejectNews,
    ReleaseNews,
    ResendDoubtful,
    Resume,
    Review,
    SendForm,
    ShowHelp,
    ShowMenu,
    ShowPrivacy,
    ShowTopics,
    SkipQuestion,
    Stop,
    ToggleTopic,
    TopicsDone,
    WithdrawNews,
)
from handlers.context import App
from handlers.conversations import reminding
from handlers.views.start import menu_labels


def register(app: App) -> None:
    """Order matters: the first handler that fits is the only one that runs."""
    _commands(app)
    _buttons(app)
    _everything_else(app)


def _commands(app: App) -> None:
    labels = [menu_labels(texts) for texts in app.bot_data.texts.values()]
    _command(app, "start", start.begin, reminds=False)
    _command(app, "cancel", for_visitor(conversations.cancel), reminds=False)
    _command(app, "feedback", for_visitor(feedback.begin), reminds=False)
    _command(app, "help", help.show_help, [label.help for label in labels])
    _command(app, "impressum", help.show_impressum)
    _command(app, "privacy", privacy.show_privacy)
    _command(app, "mydata", privacy.my_data)
    _command(app, "deleteme", privacy.ask_forget, reminds=False)
    _command(app, "news", for_visitor(news.show_latest), [label.news for label in labels])
    _command(app, "topics", for_visitor(start.show_topics), [label.topics for label in labels])
    _command(
        app, "language", for_visitor(start.show_language), [label.language for label in labels]
    )
    _command(app, "pause", for_visitor(settings.show_pause), [label.pause for label in labels])
    _command(app, "stop", for_visitor(settings.stop))
    _command(app, "menu", for_visitor(start.show_menu))
    _command(app, "review", for_coordinator(news.show_review))


def _buttons(app: App) -> None:
    _button(app, ChooseLanguage, start.choose_language)
    _button(app, FollowTopic, for_visitor(start.follow_topic))
    _button(app, ToggleTopic, for_visitor(start.toggle_topic))
    _button(app, AllTopics, for_visitor(start.all_topics))
    _button(app, NoTopics, for_visitor(start.no_topics))
    _button(app, TopicsDone, for_visitor(start.topics_done))
    _button(app, ShowTopics, for_visitor(start.show_topics))
    _button(app, ShowMenu, reminding(for_visitor(start.show_menu)))
    _button(app, NewsPage, for_visitor(news.turn_page))
    _button(app, PauseFor, for_visitor(settings.pause))
    _button(app, Stop, for_visitor(settings.stop))
    _button(app, Resume, for_visitor(settings.resume))
    _button(app, ShowHelp, help.show_help)
    _button(app, ShowPrivacy, privacy.show_privacy)
    _button(app, MyData, privacy.my_data)
    _button(app, ForgetMe, privacy.forget)
    _button(app, GiveFeedback, for_visitor(feedback.begin))
    _button(app, ChooseAnswer, for_visitor(conversations.choose))
    _button(app, SkipQuestion, for_visitor(conversations.skip))
    _button(app, QuestionBefore, for_visitor(conversations.go_back))
    _button(app, ChangeAnswer, for_visitor(conversations.change))
    _button(app, GoOn, for_visitor(conversations.go_on))
    _button(app, BeginAnew, for_visitor(feedback.begin_anew))
    _button(app, CancelForm, for_visitor(conversations.cancel_this))
    _button(app, SendForm, for_visitor(feedback.send_form))
    _button(app, Review, for_coordinator(news.show_review))
    _button(app, ReleaseNews, for_coordinator(news.release))
    _button(app, RejectNews, for_coordinator(news.reject))
    _button(app, NewsProgress, for_coordinator(delivery.show_progress))
    _button(app, ResendDoubtful, for_coordinator(delivery.resend_doubtful))
    _button(app, AskWithdrawNews, for_coordinator(delivery.ask_withdraw))
    _button(app, WithdrawNews, for_coordinator(delivery.withdraw))
    app.add_handler(CallbackQueryHandler(reminding(for_visitor(help.old_button))))


def _everything_else(app: App) -> None:
    written = when.ChatType.PRIVATE & when.UpdateType.MESSAGE
    edited = when.ChatType.PRIVATE & when.UpdateType.EDITED_MESSAGE
    unknown = reminding(for_visitor(help.unknown_command))
    other = written & ~when.StatusUpdate.ALL
    app.add_handler(ChatMemberHandler(membership.note_membership))
    app.add_handler(MessageHandler(written & when.COMMAND, unknown))
    app.add_handler(MessageHandler(written & when.TEXT, for_visitor(conversations.say)))
    app.add_handler(MessageHandler(other, for_visitor(conversations.unreadable)))
    app.add_handler(MessageHandler(edited, for_visitor(conversations.edited)))


def _command(
    app: App, name: str, handler: Handler, labels: Sequence[str] = (), *, reminds: bool = True
) -> None:
    """In groups a command gets a pointer to the private chat and nothing else. Presses of the
    main menu arrive as text, in whatever language the keyboard was drawn. Afterwards it `reminds`
    of a form that is open.
    """
    private = when.ChatType.PRIVATE & when.UpdateType.MESSAGE
    groups = when.ChatType.GROUPS & when.UpdateType.MESSAGE
    answer = reminding(handler) if reminds else handler
    app.add_handler(CommandHandler(name, answer, private))
    app.add_handler(CommandHandler(name, membership.point_to_private_chat, groups))
    if labels:
        app.add_handler(MessageHandler(private & when.Text(list(labels)), answer))


def _button(app: App, button: type[Button], handler: Handler) -> None:
    app.add_handler(CallbackQueryHandler(handler, pattern=button.pattern()))
