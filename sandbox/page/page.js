// The page: three phones, the strip, and what they share.

import { api, listen } from "./api.js";
import { make } from "./dom.js";
import { NewsPanel } from "./news.js";
import { Phone } from "./phone.js";
import { Picker } from "./picker.js";
import { ProfilePanel } from "./profile.js";
import { TroublePanel } from "./trouble.js";

const PHONES = 3;
const LOOK_FOR_BOTS_EVERY = 2000;
const SILENT_AFTER = 75; // seconds; a long poll may take 50
const STATES = { live: "live", polling: "connection lost, polling" };

class World {
  constructor() {
    this.bot = null;
    this.connection = "live";
    this.profile = null;
    this.people = new Map();
    this.groups = new Map();
    this.blocked = new Set();
    this.phones = [];
    this.picker = new Picker(this);
    this.news = new NewsPanel();
    this.profilePanel = new ProfilePanel(this);
    this.trouble = new TroublePanel(this);
    this.state = document.getElementById("state");
    this.botChoice = document.getElementById("bot");
    this.botChoice.addEventListener("change", () => this.useBot(this.botChoice.value));
    document
      .getElementById("strip")
      .append(this.news.element, this.trouble.element, this.profilePanel.element);
    document.body.append(this.picker.element);
  }

  async begin() {
    await Promise.allSettled([this.news.refresh(), this.trouble.refresh()]);
    this.profilePanel.show();
    this.showTabs();
    await this.lookForBots();
    setInterval(() => this.lookForBots(), LOOK_FOR_BOTS_EVERY);
  }

  async lookForBots() {
    const bots = await api.bots().catch(() => null);
    if (!bots) return this.say("The sandbox cannot be reached.");
    const wanted = new URLSearchParams(location.search).get("bot");
    const ids = bots.map((each) => String(each.id));
    const names = new Map(bots.map((each) => [String(each.id), `${each.first_name} ${each.id}`]));
    this.botChoice.hidden = ids.length < 2;
    const known = [...names.values()].sort().join();
    if (this.known !== known) {
      this.known = known;
      this.botChoice.replaceChildren(
        ...[...names].map(([id, name]) =>
          make("option", { value: id, selected: id === this.bot }, name),
        ),
      );
    }
    if (!this.bot && ids.length) await this.useBot(ids.includes(wanted) ? wanted : ids[0]);
    if (!ids.length) return this.say("waiting for a bot");
    return this.showState(bots.find((each) => String(each.id) === this.bot));
  }

  async useBot(bot) {
    this.stopListening?.();
    this.bot = bot;
    this.botChoice.value = bot;
    await this.loadPeople();
    await this.loadProfile();
    this.buildPhones();
    this.stopListening = listen(bot, {
      onEvent: (event) => this.heard(event),
      onState: (state) => this.connected(state),
    });
  }

  // the next event tries again
  quietly(work) {
    work.catch(() => this.say("The sandbox cannot be reached."));
  }

  connected(state) {
    this.connection = state;
    this.say(STATES[state]);
  }

  showState(bot) {
    const silence = Date.now() / 1000 - bot.last_seen;
    const isSilent = silence > SILENT_AFTER && !this.profile?.webhook?.url;
    this.say(
      isSilent
        ? `the bot has not called for ${Math.round(silence / 60)} min`
        : STATES[this.connection],
    );
  }

  say(text) {
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.dataset.live = String(text === STATES.live);
  }

  async loadPeople() {
    const people = await api.people();
    this.people = new Map(people.map((each) => [each.id, each]));
    this.phones.forEach((phone) => phone.show());
  }

  async loadProfile() {
    this.profile = await api.bot(this.bot);
    const [own, groups] = [true, false].map((isPrivate) =>
      this.profile.chats.filter((each) => (each.type === "private") === isPrivate),
    );
    this.blocked = new Set(own.filter((each) => each.status === "kicked").map((each) => each.id));
    this.groups = new Map(groups.map((each) => [each.id, each]));
    this.profilePanel.show();
    this.phones.forEach((phone) => phone.show());
  }

  buildPhones() {
    const kept = JSON.parse(localStorage.getItem(this.storageKey) ?? "[]");
    const ids = [...this.people.keys()];
    const usable = (place) =>
      place &&
      this.people.has(place.person) &&
      (place.chat === place.person || this.groups.has(place.chat));
    this.phones = [...Array(PHONES).keys()].map((index) => {
      const person = ids[index % ids.length];
      return new Phone(
        this,
        index + 1,
        usable(kept[index]) ? kept[index] : { person, chat: person },
      );
    });
    document.getElementById("phones").replaceChildren(...this.phones.map((phone) => phone.element));
    this.showTabs();
  }

  get storageKey() {
    return `sandbox.phones.${this.bot}`;
  }

  async pick(phone) {
    await this.loadProfile(); // a group may be new
    this.picker.open(phone);
  }

  place(phone, place) {
    phone.open(place);
    localStorage.setItem(this.storageKey, JSON.stringify(this.phones.map((each) => each.place)));
    this.showTabs();
  }

  addGroup(chat) {
    this.groups.set(chat.id, chat);
  }

  setBlocked(person, isBlocked) {
    if (isBlocked) this.blocked.add(person);
    else this.blocked.delete(person);
    this.phones.forEach((phone) => phone.showFooter());
  }

  heard(event) {
    const concerned = this.phones.filter(
      (phone) => event.chat_id === undefined || phone.place.chat === event.chat_id,
    );
    switch (event.type) {
      case "poll":
      case "message":
      case "edit":
      case "delete":
        concerned.forEach((phone) => phone.refresh());
        break;
      case "chat_action":
        concerned.forEach((phone) => phone.setTyping(event.action));
        break;
      case "block":
        this.setBlocked(event.chat_id, event.blocked);
        break;
      case "profile":
        this.quietly(this.loadProfile());
        break;
      default:
    }
    if (["article", "poll"].includes(event.type)) this.quietly(this.news.refresh());
    this.quietly(this.profilePanel.refreshCalls());
  }

  // one phone at a time on a narrow screen; the tabs are hidden on a wide one
  showTabs() {
    const names = [...this.phones.map((phone) => phone.person.first_name), "News & more"];
    const targets = [
      ...this.phones.map((phone) => phone.element),
      document.getElementById("strip"),
    ];
    const tabs = document.getElementById("tabs");
    const current = Math.min(this.tab ?? 0, targets.length - 1);
    const choose = (index) => {
      this.tab = index;
      targets.forEach((each, other) => each.classList.toggle("current", other === index));
      [...tabs.children].forEach((each, other) =>
        each.setAttribute("aria-pressed", String(other === index)),
      );
      this.phones[index]?.chat.toBottom(false);
    };
    tabs.replaceChildren(
      ...names.map((name, index) =>
        make("button", { type: "button", onclick: () => choose(index) }, name),
      ),
    );
    choose(current);
  }
}

new World().begin();
