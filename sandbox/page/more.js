// What the three dots of a phone offer.

import { api } from "./api.js";
import { fullName } from "./dom.js";

// [[label, action]]
export function menuOf(phone) {
  const { world, place } = phone;
  if (!phone.isPrivate) {
    const kick = () => phone.attempt(() => api.kick(world.bot, place.chat));
    return [["Remove the bot from the group", kick]];
  }
  return [
    ["Open a start link…", () => openStartLink(phone)],
    phone.blocked
      ? ["Unblock the bot", () => phone.pressStart()]
      : ["Block the bot", () => block(phone)],
    ["Delete this account", () => deleteAccount(phone)],
  ];
}

function openStartLink(phone) {
  const payload = prompt("Text after ?start= in the link");
  if (payload !== null) phone.send({ text: `/start ${payload}`.trim() });
}

async function block(phone) {
  const { world, place } = phone;
  await phone.attempt(() => api.block(world.bot, place.person));
  world.setBlocked(place.person, true);
}

async function deleteAccount(phone) {
  const name = fullName(phone.person);
  if (!confirm(`Delete the account of ${name}? The bot can then no longer write to it.`)) return;
  await phone.attempt(() => api.deactivate(phone.place.person));
  await phone.world.loadPeople();
}
