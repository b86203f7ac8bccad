// Below the messages: the input, the command menu, attachments, the bot's answer keyboard.

import { Attachments, PLACE } from "./attachments.js";
import { iconButton, make } from "./dom.js";
import { replyKeyboard } from "./keyboard.js";

export class Composer {
  // onSend(values), in the form of /control/send; lastOwn(): the message to correct
  constructor({ onSend, lastOwn }) {
    this.onSend = onSend;
    this.lastOwn = lastOwn;
    this.editing = null;
    this.commands = [];
    this.keyboard = null;
    this.build();
    this.setKeyboard(null);
  }

  build() {
    this.input = make("textarea", {
      rows: 1,
      placeholder: "Message",
      "aria-label": "Message",
      autocomplete: "off",
      dir: "auto",
    });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.menuButton = make(
      "button",
      {
        type: "button",
        class: "menu-button",
        "aria-expanded": "false",
        onclick: () => this.toggleMenu(),
      },
      "Menu",
    );
    this.attachButton = iconButton("attach", "Attach", () => this.toggleAttachments(), {
      "aria-expanded": "false",
    });
    this.keysButton = iconButton("keyboard", "Show or hide the answer keyboard", () =>
      this.toggleKeys(),
    );
    this.sendButton = iconButton("send", "Send", () => this.submit(), {
      class: "icon-button send",
    });
    this.menu = make("div", {
      class: "command-menu",
      role: "listbox",
      "aria-label": "Commands of the bot",
      hidden: true,
    });
    this.attachments = new Attachments((values) => {
      this.closeAll();
      this.onSend(values);
    });
    this.keys = make("div", { class: "keys" });
    this.quote = make("div", { class: "answering", hidden: true });
    const row = make(
      "form",
      { class: "input-row" },
      this.menuButton,
      this.attachButton,
      this.input,
      this.keysButton,
      this.sendButton,
    );
    row.addEventListener("submit", (event) => event.preventDefault());
    this.element = make(
      "div",
      { class: "composer" },
      this.menu,
      this.attachments.element,
      this.quote,
      row,
      this.keys,
    );
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.closeAll());
  }

  setCommands(commands) {
    this.commands = commands;
    this.menuButton.hidden = !commands.length;
    if (!this.menu.hidden) this.showMenu("/");
  }

  // {markup, message} of the last keyboard, or null
  setKeyboard(current) {
    const id = current?.message.message_id;
    const isNew = id !== this.keyboard?.message.message_id;
    this.keyboard = current;
    const markup = current?.markup;
    const forced = Boolean(markup?.force_reply);
    this.input.placeholder =
      markup?.input_field_placeholder || (forced ? "Your answer" : "Message");
    this.keysButton.hidden = !markup?.keyboard;
    if (isNew || !markup?.keyboard) {
      this.keys.replaceChildren(
        ...(markup?.keyboard ? [replyKeyboard(markup, (button) => this.pressKey(button))] : []),
      );
      this.keys.hidden = !markup?.keyboard;
    }
    this.showHint();
  }

  pressKey(button) {
    if (button.request_contact) this.onSend({ contact: "own" });
    else if (button.request_location) this.onSend({ location: PLACE });
    else this.onSend({ text: button.text });
    if (this.keyboard?.markup.one_time_keyboard) this.keys.hidden = true;
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
    const text = this.input.value;
    if (/^\/\S*$/.test(text)) this.showMenu(text);
    else this.closeMenu();
  }

  key(event) {
    const open = !this.menu.hidden;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const chosen = open ? this.menu.querySelector(".chosen") : null;
      if (chosen) chosen.click();
      else this.submit();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowUp" && !this.input.value) {
      event.preventDefault();
      this.edit(this.lastOwn());
    }
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    this.input.value = "";
    this.typed();
    const answered = this.keyboard?.markup.force_reply
      ? { reply_to: this.keyboard.message.message_id }
      : {};
    this.onSend(this.editing ? { text, edit: this.editing } : { text, ...answered });
    this.edit(null);
  }

  // arrow up in an empty input corrects the last message, as in Telegram
  edit(message) {
    const wasEditing = this.editing;
    this.editing = message?.message_id ?? null;
    if (message) this.input.value = message.text;
    else if (wasEditing) this.input.value = "";
    this.showHint();
  }

  showHint() {
    const question = this.keyboard?.markup.force_reply ? this.keyboard.message : null;
    this.quote.hidden = !this.editing && !question;
    if (question) this.quote.textContent = `Answer to: ${question.text ?? "the message above"}`;
    if (this.editing) this.quote.textContent = "Correcting your last message – Esc to leave it";
  }

  showMenu(start) {
    const wanted = start.slice(1).toLowerCase();
    const found = this.commands.filter((each) => each.command.startsWith(wanted));
    this.menu.replaceChildren(
      ...found.map((each) =>
        make(
          "button",
          {
            type: "button",
            role: "option",
            class: "command",
            onclick: () => this.runCommand(each.command),
          },
          make("span", { class: "command-name" }, `/${each.command}`),
          make("span", { class: "command-text" }, each.description),
        ),
      ),
    );
    this.attachments.element.hidden = true;
    this.menu.hidden = !found.length;
    this.menuButton.setAttribute("aria-expanded", String(!this.menu.hidden));
    if (wanted && !found.some((each) => each.command === wanted)) this.choose(1);
  }

  choose(step) {
    const options = [...this.menu.children];
    const now = options.findIndex((each) => each.classList.contains("chosen"));
    const next = (now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length;
    options.forEach((each, index) => {
      each.classList.toggle("chosen", index === next);
      each.setAttribute("aria-selected", String(index === next));
    });
    options[next]?.scrollIntoView({ block: "nearest" });
  }

  runCommand(command) {
    this.input.value = "";
    this.closeAll();
    this.onSend({ text: `/${command}` });
    this.input.focus();
  }

  toggleMenu() {
    if (this.menu.hidden) this.showMenu("/");
    else this.closeMenu();
  }

  closeMenu() {
    this.menu.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
  }

  toggleAttachments() {
    this.closeMenu();
    this.attachments.element.hidden = !this.attachments.element.hidden;
    this.attachButton.setAttribute("aria-expanded", String(!this.attachments.element.hidden));
    if (!this.attachments.element.hidden) this.attachments.focus();
  }

  toggleKeys() {
    this.keys.hidden = !this.keys.hidden;
  }

  closeAll() {
    if (this.editing) this.edit(null);
    this.closeMenu();
    this.attachments.element.hidden = true;
    this.attachButton.setAttribute("aria-expanded", "false");
  }
}
