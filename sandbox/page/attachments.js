// What can be sent besides text.

import { iconButton, make } from "./dom.js";

export const PLACE = { latitude: 51.5142, longitude: 7.4653 }; // Dortmund

export class Attachments {
  // onSend(values), in the form of /control/send
  constructor(onSend) {
    this.onSend = onSend;
    this.file = make("input", { type: "file", hidden: true, "aria-label": "File to send" });
    this.file.addEventListener("change", () => this.sendFile());
    this.element = make(
      "div",
      { class: "attachments", role: "group", "aria-label": "Send something else", hidden: true },
      this.kind("photo", "Photo", () => this.sendPicture()),
      this.kind("document", "File", () => this.file.click()),
      this.kind("sticker", "Sticker", () => onSend({ sticker: "👋" })),
      this.kind("voice", "Voice", () => onSend({ voice: true })),
      this.kind("contact", "Contact", () => onSend({ contact: "own" })),
      this.kind("pin", "Location", () => onSend({ location: PLACE })),
      this.file,
    );
  }

  kind(iconName, label, action) {
    const button = iconButton(iconName, label, action);
    button.append(make("span", {}, label));
    return button;
  }

  focus() {
    this.element.querySelector("button").focus();
  }

  sendPicture() {
    this.onSend({ photo: { name: "sunset.png", content_base64: picture() } });
  }

  async sendFile() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    this.onSend({ document: { name: file.name, content_base64: btoa(binary) } });
  }
}

// An evening over the Phoenix lake, drawn so that there is something to look at.
function picture() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 420];
  const paint = canvas.getContext("2d");
  const sky = paint.createLinearGradient(0, 0, 0, 300);
  [
    ["0", "#27446f"],
    ["0.6", "#d9825b"],
    ["1", "#f7cf8d"],
  ].forEach(([at, colour]) => sky.addColorStop(Number(at), colour));
  const fill = (colour, ...box) => {
    paint.fillStyle = colour;
    paint.fillRect(...box);
  };
  fill(sky, 0, 0, 640, 300);
  fill("#35506b", 0, 300, 640, 120);
  paint.fillStyle = "#ffe9b8";
  paint.arc(440, 285, 46, Math.PI, 0);
  paint.fill();
  for (let index = 0; index < 9; index += 1)
    fill("#22303f", 20 + index * 70, 262 - ((index * 37) % 50), 52, 38 + ((index * 37) % 50));
  for (let index = 0; index < 7; index += 1)
    fill("rgb(255 233 184 / .5)", 400 + index * 5, 312 + index * 13, 84 - index * 9, 4);
  return canvas.toDataURL("image/png").split(",")[1];
}
