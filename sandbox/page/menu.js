// A small menu under a button.

import { make } from "./dom.js";

// items: [[label, action]]
export function openMenu(button, items) {
  document.querySelector(".menu")?.remove();
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside);
    button.focus();
  };
  const entries = items.map(([label, action]) =>
    make("button", { type: "button", role: "menuitem", onclick: () => (close(), action()) }, label),
  );
  const menu = make("div", { class: "menu", role: "menu" }, entries);
  const outside = (event) => menu.contains(event.target) || close();
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    if (!step) return;
    event.preventDefault();
    const index = entries.indexOf(document.activeElement);
    entries[(index + step + entries.length) % entries.length].focus();
  });
  button.after(menu);
  setTimeout(() => document.addEventListener("pointerdown", outside));
  entries[0]?.focus();
}
