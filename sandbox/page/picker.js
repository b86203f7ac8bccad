// The dialog that says whose phone it is and which chat is open.

import { api } from "./api.js";
import { avatar, fullName, iconButton, make } from "./dom.js";

const LANGUAGES = { de: "Deutsch", uk: "Українська", en: "English", ru: "Русский", "": "none" };

export class Picker {
  // world: page.js; calls world.place(phone, {person, chat}) when something was chosen
  constructor(world) {
    this.world = world;
    this.title = make("h2", {}, "Who holds this phone?");
    this.people = make("div", { class: "choices" });
    this.groups = make("div", { class: "choices" });
    this.error = make("p", { class: "error", role: "alert" });
    this.element = make(
      "dialog",
      { class: "picker", "aria-label": "Who holds this phone?" },
      make(
        "header",
        {},
        this.title,
        iconButton("close", "Close", () => this.element.close()),
      ),
      this.error,
      this.people,
      this.groups,
      make("details", {}, make("summary", {}, "Add a person"), this.personForm()),
      make("details", {}, make("summary", {}, "Add a group"), this.groupForm()),
    );
  }

  open(phone) {
    this.phone = phone;
    this.error.textContent = "";
    this.show();
    if (!this.element.open) this.element.showModal();
  }

  show() {
    const { people, groups } = this.world;
    const now = this.phone.place;
    this.people.replaceChildren(
      ...[...people.values()].map((each) =>
        this.choice(
          avatar(each.id, fullName(each)),
          fullName(each),
          [each.note, each.language_code].filter(Boolean).join(" · "),
          now.chat === each.id,
          { person: each.id, chat: each.id },
        ),
      ),
    );
    this.groups.replaceChildren(
      ...[...groups.values()].map((each) =>
        this.choice(
          avatar(each.id, each.title),
          each.title,
          `${each.type}, as ${fullName(this.phone.person)}`,
          now.chat === each.id,
          { person: now.person, chat: each.id },
        ),
      ),
    );
    this.memberBoxes.replaceChildren(
      ...[...people.values()].map((each) =>
        make(
          "label",
          { class: "check" },
          make("input", {
            type: "checkbox",
            name: "member",
            value: String(each.id),
            checked: true,
          }),
          fullName(each),
        ),
      ),
    );
  }

  choice(face, name, note, isCurrent, place) {
    return make(
      "button",
      {
        type: "button",
        class: "choice",
        "aria-pressed": String(isCurrent),
        onclick: () => this.choose(place),
      },
      face,
      make("span", {}, make("strong", {}, name), make("small", {}, note)),
    );
  }

  choose(place) {
    this.element.close();
    this.world.place(this.phone, place);
  }

  personForm() {
    const languages = Object.entries(LANGUAGES).map(([code, name]) =>
      make("option", { value: code }, name),
    );
    return this.form(
      [
        make(
          "label",
          {},
          "First name",
          make("input", { name: "first_name", required: true, maxLength: 64 }),
        ),
        make("label", {}, "Last name", make("input", { name: "last_name", maxLength: 64 })),
        make(
          "label",
          {},
          "Language of their Telegram",
          make("select", { name: "language_code" }, languages),
        ),
        make(
          "label",
          {},
          "Note",
          make("input", { name: "note", placeholder: "grandmother, driver, …" }),
        ),
      ],
      async (values) => {
        const filled = Object.fromEntries([...values].filter(([, value]) => value));
        const person = await api.addPerson({ language_code: "", ...filled });
        await this.world.loadPeople();
        this.choose({ person: person.id, chat: person.id });
      },
    );
  }

  groupForm() {
    this.memberBoxes = make("div", { class: "members" });
    return this.form(
      [
        make(
          "label",
          {},
          "Title",
          make("input", { name: "title", required: true, maxLength: 128 }),
        ),
        make(
          "label",
          {},
          "Kind",
          make(
            "select",
            { name: "type" },
            ["group", "supergroup", "channel"].map((each) => make("option", { value: each }, each)),
          ),
        ),
        make("fieldset", {}, make("legend", {}, "Members, besides the bot"), this.memberBoxes),
      ],
      async (values) => {
        const members = values.getAll("member").map(Number);
        const chat = await api.addChat({
          bot: this.world.bot,
          type: values.get("type"),
          title: values.get("title"),
          members,
        });
        this.world.addGroup({ members, ...chat });
        const holder = members.includes(this.phone.place.person)
          ? this.phone.place.person
          : members[0];
        this.choose({ person: holder ?? this.phone.place.person, chat: chat.id });
      },
    );
  }

  form(fields, action) {
    const form = make(
      "form",
      { class: "fields" },
      ...fields,
      make("button", { type: "submit", class: "primary" }, "Add"),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.error.textContent = "";
      try {
        await action(new FormData(form));
        form.reset();
      } catch (error) {
        this.error.textContent = error.message;
      }
    });
    return form;
  }
}
