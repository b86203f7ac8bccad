// Strip, part two: what the bot told Telegram about itself, and what it calls.

import { api } from "./api.js";
import { make } from "./dom.js";

const NAMES = { "": "default", de: "Deutsch", uk: "Українська", en: "English" };
const SHOWN = 12;

const scopeText = (scope) =>
  typeof scope === "string"
    ? scope
    : [scope?.type ?? "default", scope?.chat_id, scope?.user_id].filter(Boolean).join(" ");

export class ProfilePanel {
  constructor(world) {
    this.world = world;
    this.language = make("select", { "aria-label": "Language", onchange: () => this.show() });
    this.body = make("div", { class: "profile" });
    this.calls = make("ol", { class: "calls", reversed: true });
    this.last = 0;
    this.details = make(
      "details",
      { ontoggle: () => this.refreshCalls() },
      make("summary", {}, "Latest calls of the bot"),
      this.calls,
    );
    this.element = make(
      "section",
      { class: "panel", "aria-labelledby": "profile-title" },
      make("header", {}, make("h2", { id: "profile-title" }, "Bot profile"), this.language),
      this.body,
      this.details,
    );
  }

  show() {
    const { profile } = this.world;
    this.language.hidden = !profile;
    if (!profile)
      return this.body.replaceChildren(
        make(
          "p",
          { class: "soft" },
          "No bot has called yet. Start one with this address as its API server.",
        ),
      );
    const chosen = this.language.value;
    const codes = languagesOf(profile);
    this.language.replaceChildren(
      ...codes.map((code) =>
        make("option", { value: code, selected: code === chosen }, NAMES[code] ?? code),
      ),
    );
    return this.body.replaceChildren(
      ...this.lines(profile, codes.includes(chosen) ? chosen : codes[0]),
    );
  }

  lines(profile, language) {
    const fact = (name, value) => [
      make("dt", {}, name),
      make("dd", {}, value || make("span", { class: "soft" }, "not set")),
    ];
    const lists = profile.commands.filter(
      (each) => (each.language_code ?? "") === language && each.commands.length,
    );
    return [
      make(
        "dl",
        {},
        fact("Address", `@${profile.username}`),
        fact("Name", profile.names?.[language]),
        fact("About", profile.short_descriptions?.[language]),
        fact("Description", profile.descriptions?.[language]),
        fact("Gets updates by", updatesText(profile)),
      ),
      ...lists.map((each) =>
        make(
          "details",
          { open: true },
          make("summary", {}, `Commands: ${scopeText(each.scope)}`),
          make(
            "ul",
            { class: "commands" },
            each.commands.map((one) =>
              make("li", {}, make("code", {}, `/${one.command}`), ` ${one.description}`),
            ),
          ),
        ),
      ),
    ];
  }

  async refreshCalls() {
    if (!this.details.open || !this.world.bot) return;
    const calls = (await api.calls(this.world.bot, this.last)).filter(
      (each) => each.method.toLowerCase() !== "getupdates",
    );
    this.last = Math.max(this.last, ...calls.map((each) => each.n));
    for (const call of calls.slice(-SHOWN)) this.calls.prepend(callLine(call));
    while (this.calls.children.length > SHOWN) this.calls.lastChild.remove();
  }
}

function callLine({ n, method, status, description, ms }) {
  const time = typeof ms === "number" ? ` ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : "";
  return make(
    "li",
    { value: n, class: status >= 400 ? "failed" : "" },
    make("code", {}, method),
    make(
      "span",
      { class: "soft" },
      ` ${status ?? "cut off"}${time} ${status === 200 ? "" : (description ?? "")}`,
    ),
  );
}

function languagesOf(profile) {
  const codes = new Set([""]);
  for (const texts of [profile.names, profile.descriptions, profile.short_descriptions])
    Object.keys(texts ?? {}).forEach((code) => codes.add(code));
  for (const each of profile.commands) codes.add(each.language_code ?? "");
  return [...codes];
}

function updatesText({ webhook, last_poll_at: at }) {
  if (webhook?.url) return `webhook ${webhook.url}`;
  if (!at) return "nothing yet";
  const seconds = typeof at === "number" ? at : Date.parse(at) / 1000;
  return `polling, last at ${new Date(seconds * 1000).toLocaleTimeString("de-DE")}`;
}
