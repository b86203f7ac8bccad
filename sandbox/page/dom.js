// Elements without markup in strings: text always goes through textContent.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && name !== "list" && name !== "form") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  attach: "M16.5 6.5v9.6a4.5 4.5 0 0 1-9 0V5.4a3 3 0 0 1 6 0v9.9a1.5 1.5 0 0 1-3 0V6.5",
  check: "M4 12.5l4.5 4.5L19 6.5",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.500s6.7 1.9 7.5 5.5",
  copy: "M9 9h10v10H9zM5 15V5h10",
  document: "M7 3h7l5 5v13H7zM14 3v5h5",
  down: "M6 9l6 6 6-6",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  link: "M8 16L17 7M9 7h8v8",
  more: "M12 5.500h.01M12 12h.01M12 18.500h.01",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  play: "M8 5.500v13l10.5-6.500z",
  send: "M4 11.800L20 4l-4.5 16-4-6.500zM11.5 13.500L20 4",
  sticker:
    "M20 12a8 8 0 1 0-8 8c2.5-1.2 6.5-4.5 8-8zM9 10h.01M15 10h.01M8.5 13.500c1.8 2 4.2 2 6 0",
  voice:
    "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, properties = {}) {
  return make(
    "button",
    {
      type: "button",
      class: "icon-button",
      title: label,
      "aria-label": label,
      onclick,
      ...properties,
    },
    icon(name),
  );
}

const COLOURS = 7;

export function avatar(id, name, kind = "person") {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));
  const initials = words
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join("");
  const shape = make("span", {
    class: `avatar ${kind === "bot" ? "bot" : `colour-${Math.abs(id) % COLOURS}`}`,
    "aria-hidden": "true",
  });
  shape.textContent = kind === "bot" ? "" : initials || "?";
  return shape;
}

export const fullName = (person) =>
  [person.first_name, person.last_name].filter(Boolean).join(" ") || person.title || "?";
