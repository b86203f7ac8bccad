// One message as a bubble.

import { fullName, icon, make } from "./dom.js";

const clock = new Intl.DateTimeFormat("de-DE", { hour: "2-digit", minute: "2-digit" });
export const timeOf = (seconds) => clock.format(new Date(seconds * 1000));

const SERVICE = {
  new_chat_members: (m) => `${m.new_chat_members.map(fullName).join(", ")} joined the group`,
  left_chat_member: (m) => `${fullName(m.left_chat_member)} left the group`,
  group_chat_created: () => "The group was created",
  supergroup_chat_created: () => "The group was created",
  channel_chat_created: () => "The channel was created",
  new_chat_title: (m) => `The group is now called “${m.new_chat_title}”`,
  migrate_to_chat_id: () => "The group became a supergroup",
  migrate_from_chat_id: () => "The group became a supergroup",
  pinned_message: () => "A message was pinned",
};

export function serviceText(message) {
  const kind = Object.keys(SERVICE).find((each) => message[each] !== undefined);
  return kind ? SERVICE[kind](message) : null;
}

// The only place where HTML from outside is used: `html` was made safe by the server.
function formatted(message) {
  const text = make("div", { class: "text", dir: "auto" });
  if (typeof message.html === "string") text.innerHTML = message.html;
  else text.textContent = message.text ?? message.caption ?? "";
  for (const link of text.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  for (const command of text.querySelectorAll(".bot-command")) {
    command.tabIndex = 0;
    command.setAttribute("role", "button");
  }
  for (const hidden of text.querySelectorAll(".tg-spoiler")) {
    hidden.tabIndex = 0;
    hidden.setAttribute("role", "button");
    hidden.setAttribute("aria-label", "Hidden text, press to show");
    const show = () => {
      hidden.classList.add("shown");
      hidden.removeAttribute("role");
      hidden.removeAttribute("aria-label");
    };
    hidden.addEventListener("click", show);
    hidden.addEventListener("keydown", (event) => event.key === "Enter" && show());
  }
  return text;
}

const size = (bytes) => {
  if (bytes === undefined) return "";
  return bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1048576).toFixed(1)} MB`;
};

const card = (iconName, title, ...lines) =>
  make(
    "div",
    { class: "card" },
    make("span", { class: "card-icon" }, icon(iconName)),
    make("div", { class: "card-text" }, make("strong", {}, title), ...lines),
  );

const ATTACHMENTS = {
  photo: (photo, fileUrl) => {
    const url = fileUrl(photo.at(-1).file_id);
    return make(
      "a",
      { class: "photo", href: url, target: "_blank", rel: "noopener" },
      make("img", { src: url, alt: "Photo" }),
    );
  },
  document: (document, fileUrl) => {
    const name = document.file_name ?? "file";
    const link = make("a", { href: fileUrl(document.file_id), download: name }, "Download");
    return card(
      "document",
      name,
      make("span", { class: "soft" }, size(document.file_size), " · ", link),
    );
  },
  sticker: (sticker) =>
    make(
      "div",
      { class: "sticker", role: "img", "aria-label": `Sticker ${sticker.emoji ?? ""}` },
      sticker.emoji ?? "🙂",
    ),
  voice: (voice) =>
    card("play", "Voice message", make("span", { class: "soft" }, `${voice.duration ?? 1} s`)),
  contact: (contact) =>
    card("contact", fullName(contact), make("span", { class: "soft" }, contact.phone_number)),
  location: (location) =>
    card(
      "pin",
      "Location",
      make(
        "span",
        { class: "soft" },
        `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`,
      ),
    ),
  poll: (poll) =>
    make(
      "div",
      { class: "poll" },
      make("strong", {}, poll.question),
      make(
        "ul",
        {},
        poll.options.map((each) => make("li", {}, each.text)),
      ),
    ),
};

function quote(message) {
  const original = message.reply_to_message;
  if (!original) return null;
  const who = original.from ? fullName(original.from) : "";
  const text = original.text ?? original.caption ?? "Message";
  return make("div", { class: "quote" }, make("strong", {}, who), make("span", {}, text));
}

// {mine, inGroup, fileUrl}
export function bubble(message, { mine, inGroup, fileUrl }) {
  const kind = Object.keys(ATTACHMENTS).find((each) => message[each]);
  const hasText = Boolean(message.text ?? message.caption);
  const who = mine ? "You" : fullName(message.from ?? message.chat);
  const colour = `name-${Math.abs(message.from?.id ?? 0) % 7}`;
  const meta = make(
    "span",
    { class: "meta" },
    message.edit_date ? make("span", { class: "edited" }, "edited ") : null,
    make("time", { dateTime: new Date(message.date * 1000).toISOString() }, timeOf(message.date)),
    mine ? make("span", { class: "ticks" }, icon("check"), icon("check")) : null,
  );
  return make(
    "div",
    { class: `bubble ${kind ? `has-${kind}` : ""} ${hasText ? "has-text" : ""}` },
    make(
      "span",
      { class: inGroup && !mine ? `author ${colour}` : "hidden-visually" },
      inGroup ? who : `${who}: `,
    ),
    quote(message),
    kind ? ATTACHMENTS[kind](message[kind], fileUrl) : null,
    hasText ? formatted(message) : null,
    meta,
  );
}
