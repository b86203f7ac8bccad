// Strip, part three: making trouble for the bot.

import { api } from "./api.js";
import { make } from "./dom.js";

const KINDS = {
  429: ["Too many requests (429)", { kind: "429", retry_after: 5 }],
  blocked: [
    "Blocked by the person (403)",
    { kind: "error", code: 403, description: "Forbidden: bot was blocked by the user" },
  ],
  server: [
    "Server error (500)",
    { kind: "error", code: 500, description: "Internal Server Error" },
  ],
  gateway: ["Bad gateway (502)", { kind: "error", code: 502, description: "Bad Gateway" }],
  slow: ["Slow answer (3 s)", { kind: "delay", seconds: 3 }],
  cut: ["Connection cut, nothing done", { kind: "hangup_before" }],
  lost: ["Done, but the answer is lost", { kind: "hangup_after" }],
  silent: ["No answer for 30 s", { kind: "silence", seconds: 30 }],
};
const METHODS = ["sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "*"];
const TIMES = { 1: "once", 3: "three times", 10: "ten times", 0: "until cleared" };
const ENGINE = {
  ok: "works",
  429: "too many requests (429)",
  503: "away (503)",
  "500_as_200": "error page as an answer",
  quota_text: "quota notice as an answer",
  garbage: "nonsense",
  br: "broken line ends",
  hang: "does not answer",
};

const options = (entries, names = (each) => each) =>
  entries.map(([value, text]) => make("option", { value }, names(text)));

export class TroublePanel {
  constructor(world) {
    this.world = world;
    this.said = make("ul", {
      class: "said",
      role: "log",
      "aria-live": "polite",
      "aria-label": "Trouble made",
    });
    this.kind = make(
      "select",
      {},
      options(Object.entries(KINDS), ([name]) => name),
    );
    this.method = make(
      "select",
      {},
      METHODS.map((each) => make("option", { value: each }, each === "*" ? "every method" : each)),
    );
    this.times = make("select", {}, options(Object.entries(TIMES)));
    this.times.value = "1";
    this.engine = make("select", {}, options(Object.entries(ENGINE)));
    this.engine.value = "ok";
    this.limits = make("input", { type: "checkbox", role: "switch", checked: true });
    this.limits.addEventListener("change", () => this.setLimits());
    this.element = make(
      "section",
      { class: "panel", "aria-labelledby": "trouble-title" },
      make("header", {}, make("h2", { id: "trouble-title" }, "Make trouble")),
      make(
        "form",
        { class: "fields compact", onsubmit: (event) => this.addFault(event) },
        make("label", {}, "Telegram", this.kind),
        make("label", {}, "for", this.method),
        make("label", {}, "how often", this.times),
        make(
          "div",
          { class: "row" },
          make("button", { type: "submit", class: "primary" }, "Go"),
          make(
            "button",
            { type: "button", class: "quiet", onclick: () => this.clear() },
            "Clear all",
          ),
        ),
      ),
      make("label", { class: "check" }, this.limits, "Telegram’s rate limits are enforced"),
      make(
        "form",
        { class: "fields compact", onsubmit: (event) => this.steer(event) },
        make("label", {}, "Translation engine", this.engine),
        make("div", { class: "row" }, make("button", { type: "submit", class: "primary" }, "Set")),
      ),
      this.said,
    );
  }

  async refresh() {
    this.engine.value = (await api.engine()).mode;
  }

  say(text) {
    this.said.prepend(make("li", {}, text));
    while (this.said.children.length > 4) this.said.lastChild.remove();
  }

  async attempt(action, text) {
    try {
      await action();
      this.say(text);
    } catch (error) {
      this.say(error.message);
    }
  }

  addFault(event) {
    event.preventDefault();
    const [name, values] = KINDS[this.kind.value];
    const fault = {
      bot: this.world.bot,
      method: this.method.value,
      times: Number(this.times.value),
      ...values,
    };
    return this.attempt(
      () => api.addFault(fault),
      `${name}, ${this.method.selectedOptions[0].text}, ${TIMES[this.times.value]}`,
    );
  }

  clear() {
    return this.attempt(() => api.clearFaults(this.world.bot), "Telegram works again.");
  }

  setLimits() {
    const on = this.limits.checked;
    return this.attempt(
      () => api.limits({ bot: this.world.bot, on }),
      on ? "Limits are on." : "Limits are off.",
    );
  }

  steer(event) {
    event.preventDefault();
    return this.attempt(
      () => api.steerEngine({ mode: this.engine.value, seconds: 30 }),
      `Translation: ${ENGINE[this.engine.value]}`,
    );
  }
}
