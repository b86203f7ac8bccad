// Answers to a tap: a toast at the top of the phone, or an alert to confirm.

import { make } from "./dom.js";

const SHOWN_FOR = 3500;

export class Notices {
  constructor() {
    this.toast = make("div", { class: "toast", role: "status", hidden: true });
    this.element = make("div", { class: "notices" }, this.toast);
    this.timer = null;
  }

  say(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.toast.hidden = true), SHOWN_FOR);
  }

  alert(text, title) {
    const before = document.activeElement;
    const close = () => {
      shade.remove();
      before?.focus?.();
    };
    const button = make("button", { type: "button", class: "plain-button", onclick: close }, "OK");
    const box = make(
      "div",
      { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": title },
      make("strong", {}, title),
      make("p", {}, text),
      button,
    );
    const shade = make("div", { class: "shade" }, box);
    shade.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Tab") event.preventDefault();
    });
    this.element.append(shade);
    button.focus();
  }
}
