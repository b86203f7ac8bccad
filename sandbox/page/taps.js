// What a tap on a button or a link does.

import { api } from "./api.js";
import { inLanguage } from "./commands.js";

const CALLBACK_WAIT = 20;

export class Taps {
  constructor(phone) {
    this.phone = phone;
  }

  async press(message, button, element) {
    if (button.callback_data !== undefined) return this.tap(message, button, element);
    if (button.copy_text) {
      await navigator.clipboard?.writeText(button.copy_text.text);
      return this.phone.notices.say("Copied");
    }
    const url = button.url ?? button.login_url?.url ?? button.web_app?.url;
    if (url && !this.followOwnLink(url)) return this.openOutside(url);
    return url ? undefined : this.phone.notices.say("The sandbox has no use for this button.");
  }

  openOutside(url) {
    if (/^https?:\/\//i.test(url)) window.open(url, "_blank", "noopener");
    else this.phone.notices.say(`This link is for Telegram itself: ${url}`);
  }

  async tap(message, button, element) {
    element.classList.add("waiting");
    element.setAttribute("aria-busy", "true");
    const { callback_query_id: id } =
      (await this.phone.attempt(() =>
        api.tap({
          bot: this.phone.world.bot,
          from: this.phone.place.person,
          chat: this.phone.place.chat,
          message_id: message.message_id,
          data: button.callback_data,
        }),
      )) ?? {};
    const answer = id && (await this.phone.attempt(() => api.callback(id, CALLBACK_WAIT)));
    element.classList.remove("waiting");
    element.removeAttribute("aria-busy");
    if (answer) this.showAnswer(answer);
    if (answer?.url && !this.followOwnLink(answer.url)) this.openOutside(answer.url);
  }

  showAnswer({ answered, text, show_alert: isAlert }) {
    const { notices, world, person } = this.phone;
    const name = inLanguage(world.profile?.names, person.language_code) || "Bot";
    if (text && isAlert) notices.alert(text, name);
    else if (text) notices.say(text);
    else if (!answered) notices.say("The bot did not answer this tap.");
  }

  // t.me/<this bot>?start=payload works as in Telegram
  followOwnLink(address) {
    const url = new URL(address, location.href);
    const bot = this.phone.world.profile?.username?.toLowerCase();
    const named = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
    const isOurs =
      (url.protocol === "tg:" || ["t.me", "telegram.me"].includes(url.hostname)) &&
      named?.toLowerCase() === bot;
    if (isOurs)
      this.phone.send({
        chat: this.phone.place.person,
        text: `/start ${url.searchParams.get("start") ?? ""}`.trim(),
      });
    return isOurs;
  }
}
