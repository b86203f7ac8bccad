// One phone: a person, one of their chats, and what they can do in it.

import { api, Refused } from "./api.js";
import { Chat } from "./chat.js";
import { commandsFor, inLanguage } from "./commands.js";
import { Composer } from "./composer.js";
import { avatar, fullName, icon, iconButton, make } from "./dom.js";
import { keyboardAfter } from "./keyboard.js";
import { openMenu } from "./menu.js";
import { menuOf } from "./more.js";
import { Notices } from "./notices.js";
import { Taps } from "./taps.js";

const TYPING_FOR = 5000;
const ACTIONS = {
  upload_photo: "sending a photo…",
  upload_document: "sending a file…",
  record_voice: "recording…",
};

export class Phone {
  // world: what all phones share (page.js); place: {person, chat}
  constructor(world, number, place) {
    this.world = world;
    this.number = number;
    this.notices = new Notices();
    this.taps = new Taps(this);
    this.chat = new Chat({
      fileUrl: (id) => api.file(world.bot, id),
      onPress: (message, button, element) => this.taps.press(message, button, element),
      onLink: (url) => this.taps.followOwnLink(url),
      onCommand: (text) => this.send({ text }),
    });
    this.composer = new Composer({
      onSend: (values) => this.send(values),
      lastOwn: () => this.lastOwn(),
    });
    this.start = make(
      "button",
      { type: "button", class: "big-button", onclick: () => this.pressStart() },
      "START",
    );
    this.holder = make("button", {
      type: "button",
      class: "holder",
      onclick: () => world.pick(this),
    });
    this.header = make("header", { class: "chat-header" });
    this.welcome = make("div", { class: "welcome", hidden: true });
    this.element = make(
      "section",
      { class: "phone", id: `phone-${number}` },
      this.holder,
      make(
        "div",
        { class: "screen" },
        this.header,
        make("div", { class: "chat-area" }, this.chat.element, this.welcome, this.notices.element),
        this.composer.element,
        this.start,
      ),
    );
    this.open(place);
  }

  get isPrivate() {
    return this.place.chat === this.place.person;
  }

  get person() {
    return this.world.people.get(this.place.person) ?? { id: this.place.person, first_name: "?" };
  }

  get blocked() {
    return this.isPrivate && this.world.blocked.has(this.place.person);
  }

  open(place) {
    this.place = place;
    this.version = 0;
    this.typing = null;
    this.chat.reset(place.person, !this.isPrivate);
    this.composer.setKeyboard(null);
    this.composer.closeAll();
    this.show();
    this.refresh();
  }

  show() {
    const { profile, groups } = this.world;
    const person = this.person;
    const group = this.isPrivate ? null : groups.get(this.place.chat);
    const language = person.language_code;
    const title = group ? group.title : inLanguage(profile?.names, language) || "Brückenbot";
    this.element.setAttribute("aria-label", `Phone of ${fullName(person)}`);
    this.holder.replaceChildren(
      avatar(person.id, fullName(person)),
      make(
        "span",
        { class: "holder-text" },
        make("strong", {}, fullName(person)),
        make("small", {}, [person.note, language].filter(Boolean).join(" · ")),
      ),
      icon("down"),
    );
    this.holder.setAttribute("aria-label", `${fullName(person)}: choose another person or chat`);
    this.header.replaceChildren(
      group ? avatar(group.id, group.title) : avatar(0, title, "bot"),
      make("div", { class: "chat-title" }, make("h2", {}, title), this.status(group)),
      iconButton("more", "More", (event) => openMenu(event.currentTarget, menuOf(this)), {
        "aria-haspopup": "menu",
      }),
    );
    this.composer.setCommands(
      commandsFor(profile, { ...this.place, isPrivate: this.isPrivate, languageCode: language }),
    );
    this.showFooter();
  }

  status(group) {
    const text =
      this.typing ?? (group ? `${group.type}, ${group.members?.length ?? "?"} people` : "bot");
    return make(
      "p",
      { class: this.typing ? "status typing" : "status", "aria-live": "polite" },
      text,
    );
  }

  showFooter() {
    const isEmpty = this.chat.loaded && !this.chat.nodes.size;
    const gone = this.person.deactivated;
    const asksStart = (isEmpty && this.isPrivate) || this.blocked || gone;
    this.composer.element.hidden = asksStart;
    this.start.hidden = !asksStart;
    this.start.disabled = Boolean(gone);
    this.start.textContent = gone ? "This account is deleted" : this.blocked ? "UNBLOCK" : "START";
    this.welcome.hidden = !(isEmpty && this.isPrivate && !gone);
    if (!this.welcome.hidden) this.showWelcome();
  }

  showWelcome() {
    const language = this.person.language_code;
    const text = inLanguage(this.world.profile?.descriptions, language);
    this.welcome.replaceChildren(
      make(
        "div",
        { class: "welcome-card" },
        make("strong", {}, "What can this bot do?"),
        make("p", {}, text || "Press START and find out."),
      ),
    );
  }

  // at most one fetch at a time; a second wish waits for the first
  async refresh() {
    if (this.fetching) {
      this.again = true;
      return;
    }
    this.fetching = true;
    const { place } = this;
    try {
      const { messages, version } = await api.messages(this.world.bot, place.chat, this.version);
      if (place === this.place) this.take(messages, version);
      else this.again = true;
    } catch (error) {
      this.report(error);
    }
    this.fetching = false;
    if (this.again) {
      this.again = false;
      this.refresh();
    }
  }

  take(messages, version) {
    const isAnotherPast = version < this.version;
    this.version = isAnotherPast ? 0 : version;
    if (isAnotherPast) {
      this.chat.reset(this.place.person, !this.isPrivate);
      this.again = true;
      return;
    }
    this.chat.update(messages);
    this.chat.loaded = true;
    if (messages.some((message) => message.from?.is_bot)) this.setTyping(null);
    if (messages.length) this.composer.setKeyboard(keyboardAfter(this.chat.all()));
    this.showFooter();
  }

  setTyping(action) {
    clearTimeout(this.typingTimer);
    const text = action ? (ACTIONS[action] ?? "typing…") : null;
    if (action) this.typingTimer = setTimeout(() => this.setTyping(null), TYPING_FOR);
    if (text === this.typing) return;
    this.typing = text;
    this.show();
  }

  async send(values) {
    const full = values.contact === "own" ? { ...values, contact: this.ownContact() } : values;
    await this.attempt(() =>
      api.send({ bot: this.world.bot, from: this.place.person, chat: this.place.chat, ...full }),
    );
    this.chat.toBottom(true);
    this.refresh();
  }

  lastOwn() {
    return this.chat
      .all()
      .findLast((message) => this.chat.isMine(message) && message.text && !message.deleted);
  }

  ownContact() {
    const { id, first_name: firstName, last_name: lastName } = this.person;
    return {
      phone_number: `+49231${String(id).padStart(7, "0")}`,
      user_id: id,
      first_name: firstName,
      last_name: lastName,
    };
  }

  async pressStart() {
    if (this.blocked) {
      await this.attempt(() => api.unblock(this.world.bot, this.place.person));
      this.world.setBlocked(this.place.person, false);
    }
    await this.send({ text: "/start" });
    this.composer.input.focus();
  }

  async attempt(action) {
    try {
      return await action();
    } catch (error) {
      this.report(error);
      return null;
    }
  }

  report(error) {
    this.notices.say(error instanceof Refused ? error.message : "The sandbox cannot be reached.");
  }
}
