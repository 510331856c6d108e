// The message box: Enter sends, Shift+Enter breaks the line, ↑ ↓ walk through what was said before.
import { element } from "./chatview.js";
import { EXAMPLES, getLanguage, t } from "./wording.js";

const box = document.querySelector("#say");
const form = document.querySelector("#composer");
const tray = document.querySelector("#tray");
const opener = document.querySelector("#tray-open");

// On a touch screen focusing the box throws up the keyboard over the answer just given.
const hasKeyboard = () => matchMedia("(hover: hover) and (pointer: fine)").matches;

export class Composer {
  #send;
  #history;
  #back = 0;

  constructor({ send, history }) {
    this.#send = send;
    this.#history = history;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("input", () => {
      this.#back = 0;
      this.#fit();
    });
    opener.addEventListener("click", () => this.#showTray(tray.hidden));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !tray.hidden) {
        this.#showTray(false);
        opener.focus();
      }
    });
    this.drawExamples();
  }

  focus() {
    if (hasKeyboard()) box.focus();
  }

  fill(text) {
    box.value = text;
    this.#fit();
    box.focus();
    box.setSelectionRange(text.length, text.length);
  }

  drawExamples() {
    this.#showTray(false);
    for (const place of document.querySelectorAll(".chips")) {
      place.replaceChildren(...EXAMPLES.map((example) => this.#chip(example)));
    }
  }

  #chip({ say, en, urgent }) {
    const chip = element("button", { type: "button", class: `chip ${urgent ? "urgent" : ""}` },
      element("span", { lang: "zh-CN", text: say }),
      getLanguage() === "en" ? element("small", { text: en }) : null);
    chip.addEventListener("click", () => {
      this.#showTray(false);
      this.#send(say);
      this.focus();
    });
    return chip;
  }

  #showTray(open) {
    tray.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    opener.setAttribute("aria-label", t(open ? "examples_close" : "examples"));
    if (open) tray.querySelector("button")?.focus();
  }

  #submit() {
    const text = box.value.trim();
    if (!text) return box.focus();
    box.value = "";
    this.#back = 0;
    this.#fit();
    this.#showTray(false);
    this.#send(text);
    return box.focus();
  }

  #key(event) {
    // 229: Safari ends the composition before it reports the Enter that ended it.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "ArrowUp" && (!box.value || this.#back)) {
      this.#recall(event, this.#back + 1);
    } else if (event.key === "ArrowDown" && this.#back) {
      this.#recall(event, this.#back - 1);
    }
  }

  #recall(event, back) {
    const said = this.#history();
    if (back > said.length) return;
    event.preventDefault();
    this.fill(back ? said[said.length - back] : "");
    this.#back = back;
  }

  #fit() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 132)}px`;
  }
}
