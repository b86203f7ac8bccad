// Keyboards: under a bubble, and above the input.

import { icon, make } from "./dom.js";

const KINDS = { url: "link", web_app: "link", login_url: "link", copy_text: "copy" };

const iconOf = (button) => {
  const kind = Object.keys(KINDS).find((each) => each in button);
  return kind ? icon(KINDS[kind]) : null;
};

// onPress(button, element); returns null without rows
export function inlineKeyboard(markup, onPress) {
  const rows = (markup?.inline_keyboard ?? []).filter((row) => row.length);
  if (!rows.length) return null;
  const key = (button) => {
    const element = make(
      "button",
      { type: "button", class: "inline-key" },
      make("span", {}, button.text),
      iconOf(button),
    );
    element.addEventListener("click", () => onPress(button, element));
    return element;
  };
  return make(
    "div",
    { class: "inline-keyboard", role: "group", "aria-label": "Buttons of this message" },
    rows.map((row) => make("div", { class: "key-row" }, row.map(key))),
  );
}

export function replyKeyboard(markup, onPress) {
  const key = (button) => {
    const value = typeof button === "string" ? { text: button } : button;
    return make(
      "button",
      { type: "button", class: "reply-key", onclick: () => onPress(value) },
      value.text,
    );
  };
  return make(
    "div",
    { class: "reply-keyboard", role: "group", "aria-label": "Answer keyboard" },
    markup.keyboard.map((row) => make("div", { class: "key-row" }, row.map(key))),
  );
}

// What stands above the input after these messages: {markup, message} or null.
export function keyboardAfter(messages) {
  const answered = new Set();
  for (const message of [...messages].reverse()) {
    const markup = message.reply_markup;
    if (message.deleted) continue;
    if (message.reply_to_message && !message.from?.is_bot)
      answered.add(message.reply_to_message.message_id);
    if (!markup) continue;
    if (markup.remove_keyboard) return null;
    if (markup.force_reply && answered.has(message.message_id)) return null;
    if (markup.keyboard || markup.force_reply) return { markup, message };
  }
  return null;
}
