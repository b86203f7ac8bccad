// Strip, part one: the invented news site.

import { api } from "./api.js";
import { make } from "./dom.js";
import { timeOf } from "./message.js";

export class NewsPanel {
  constructor() {
    this.next = make(
      "button",
      { type: "button", class: "primary", onclick: () => this.publish() },
      "Publish the next article",
    );
    this.again = make(
      "button",
      {
        type: "button",
        class: "quiet",
        title: "Take all articles back except the first ones",
        onclick: () => this.reset(),
      },
      "Start over",
    );
    this.list = make("ol", { class: "articles" });
    this.said = make("p", { class: "said", role: "status" });
    this.element = make(
      "section",
      { class: "panel", "aria-labelledby": "news-title" },
      make(
        "header",
        {},
        make("h2", { id: "news-title" }, "News site"),
        make("a", { href: "/news/", target: "_blank" }, "Open the site"),
      ),
      make("div", { class: "row" }, this.next, this.again),
      this.said,
      this.list,
    );
  }

  async refresh() {
    const articles = await api.news();
    const left = articles.filter((each) => !each.published_at);
    this.next.disabled = !left.length;
    this.next.textContent = left.length ? "Publish the next article" : "Everything is published";
    const lines = articles.map((each) => this.line(each, each === left[0]));
    this.list.replaceChildren(...lines);
    const next = lines[articles.indexOf(left[0])];
    if (next)
      this.list.scrollTop =
        next.offsetTop + next.offsetHeight - this.list.offsetTop - this.list.clientHeight;
  }

  line(article, isNext) {
    const published = article.published_at;
    const title = published
      ? make(
          "a",
          { href: `/news/${article.slug}`, target: "_blank", lang: article.language },
          article.title,
        )
      : make("span", { lang: article.language }, article.title);
    const state = published
      ? make("time", { dateTime: published }, `published ${timeOf(Date.parse(published) / 1000)}`)
      : make(
          "button",
          {
            type: "button",
            class: "link",
            "aria-label": `Publish: ${article.title}`,
            onclick: () => this.publish(article.slug),
          },
          isNext ? "next – publish" : "publish",
        );
    return make(
      "li",
      { class: published ? "is-published" : "" },
      make("span", { class: `language ${article.language}` }, article.language),
      make("div", {}, title, state),
    );
  }

  async publish(slug) {
    try {
      const { slug: done } = await api.publish(slug);
      this.said.textContent = `Published: ${done}`;
    } catch (error) {
      this.said.textContent = error.message;
    }
    await this.refresh();
  }

  async reset() {
    await api.resetNews();
    this.said.textContent = "The site is as on the first day.";
    await this.refresh();
  }
}
