// The messages of one chat: keeps the list in step with the server.

import { icon, make } from "./dom.js";
import { inlineKeyboard } from "./keyboard.js";
import { bubble, serviceText } from "./message.js";

const NEAR = 80;
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

export class Chat {
  // {fileUrl, onPress(message, button, element), onLink(url) -> bool, onCommand(text)}
  constructor(callbacks) {
    this.callbacks = callbacks;
    this.log = make("div", {
      class: "messages",
      role: "log",
      "aria-live": "polite",
      "aria-label": "Messages",
      tabIndex: 0,
    });
    this.down = make(
      "button",
      {
        type: "button",
        class: "to-bottom",
        title: "To the newest message",
        "aria-label": "To the newest message",
        onclick: () => this.toBottom(true),
      },
      icon("down"),
    );
    this.down.hidden = true;
    this.element = make("div", { class: "chat" }, this.log, this.down);
    this.log.addEventListener("scroll", () => this.scrolled());
    // pictures that load and keyboards that open change the heights: stay at the bottom then
    this.log.addEventListener("load", () => this.sticking && this.toBottom(false), true);
    new ResizeObserver(() => this.sticking && this.toBottom(false)).observe(this.log);
    for (const kind of ["wheel", "touchmove", "keydown"])
      this.log.addEventListener(kind, () => this.letGo(), { passive: true });
    this.log.addEventListener("click", (event) => this.followLink(event));
    this.log.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && this.runCommand(event.target),
    );
    this.reset(null, false);
  }

  reset(me, inGroup) {
    this.me = me;
    this.inGroup = inGroup;
    this.messages = new Map();
    this.nodes = new Map();
    this.loaded = false;
    this.sticking = true;
    this.log.replaceChildren();
  }

  all() {
    return [...this.messages.values()].sort((a, b) => a.message_id - b.message_id);
  }

  update(messages) {
    if (!messages.length && this.loaded) return;
    const stick =
      !this.loaded ||
      this.sticking ||
      messages.some((m) => this.isMine(m) && !this.nodes.has(m.message_id));
    for (const message of messages) this.place(message);
    this.regroup();
    if (stick) this.toBottom(this.loaded);
    this.loaded = true;
    this.down.hidden = this.sticking;
  }

  scrolled() {
    const heights = `${this.log.scrollHeight}/${this.log.clientHeight}`;
    const moved = heights === this.heights;
    this.heights = heights;
    if (this.isAtBottom()) this.sticking = true;
    else if (moved && !this.gliding) this.sticking = false;
    if (this.isAtBottom()) this.gliding = false;
    this.down.hidden = this.sticking;
  }

  isMine(message) {
    return message.from?.id === this.me;
  }

  place(message) {
    const id = message.message_id;
    const old = this.nodes.get(id);
    const before = this.messages.get(id);
    this.messages.set(id, message);
    if (message.deleted) {
      old?.remove();
      this.nodes.delete(id);
      return;
    }
    const node = this.build(message);
    if (old) {
      if (differs(before, message)) node.classList.add("changed");
      const place = [...old.querySelectorAll("button")].indexOf(document.activeElement);
      old.replaceWith(node);
      if (place >= 0)
        ([...node.querySelectorAll("button")].at(place) ?? this.log).focus({ preventScroll: true });
    } else {
      if (this.loaded) node.classList.add("new");
      const later = [...this.nodes.entries()].find(([other]) => other > id)?.[1];
      this.log.insertBefore(node, later ?? null);
    }
    this.nodes.set(id, node);
  }

  build(message) {
    const service = serviceText(message);
    const mine = this.isMine(message);
    const node = service
      ? make("div", { class: "service" }, make("span", {}, service))
      : make(
          "div",
          { class: `message ${mine ? "mine" : "theirs"}` },
          bubble(message, { mine, inGroup: this.inGroup, fileUrl: this.callbacks.fileUrl }),
          inlineKeyboard(message.reply_markup, (button, element) =>
            this.callbacks.onPress(message, button, element),
          ),
        );
    node.dataset.id = message.message_id;
    return node;
  }

  // dates between days, and a tail only on the last bubble of a row
  regroup() {
    for (const line of this.log.querySelectorAll(".day")) line.remove();
    let last = null;
    for (const message of this.all()) {
      const node = this.nodes.get(message.message_id);
      if (!node) continue;
      const date = new Date(message.date * 1000);
      const newDay = !last || last.date.toDateString() !== date.toDateString();
      if (newDay) node.before(make("div", { class: "day" }, make("span", {}, dayName(date))));
      const follows = !newDay && last.from === message.from?.id && !node.matches(".service");
      node.classList.toggle("follows", follows);
      if (last) last.node.classList.toggle("tail", !follows);
      node.classList.add("tail");
      last = { date, node, from: message.from?.id };
    }
  }

  followLink(event) {
    this.runCommand(event.target);
    const link = event.target.closest("a[href]");
    if (link && this.callbacks.onLink(link.href)) event.preventDefault();
  }

  runCommand(element) {
    const command = element.closest(".bot-command");
    if (command) this.callbacks.onCommand(command.textContent);
  }

  // a person who scrolls away is not pulled back
  letGo() {
    this.gliding = false;
  }

  isAtBottom() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toBottom(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.sticking = true;
    this.gliding = smooth && !calm && !this.isAtBottom();
    this.log.scrollTo({
      top: this.log.scrollHeight,
      behavior: smooth && !calm ? "smooth" : "instant",
    });
  }
}

const shown = ({ html, text, caption, reply_markup: markup }) =>
  JSON.stringify([html, text, caption, markup]);
const differs = (before, after) => !before || shown(before) !== shown(after);

function dayName(date) {
  return date.toDateString() === new Date().toDateString() ? "Today" : day.format(date);
}
