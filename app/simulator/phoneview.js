// Draws a Line: the telephone with its words, keys and hook. Everything has its place from the start.
import { element } from "./chatview.js";
import { t } from "./wording.js";

const LETTERS = { 1: "", 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", "*": "", 0: "+", "#": "" };
const ORDER = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const $ = (selector) => document.querySelector(selector);

// What may be done besides keys and words, by what the call is doing: wait no longer, or be the other person.
const OTHERS = {
  speaking: ["skip"],
  pausing: ["skip"],
  gathering: ["silent"],
  recording: ["silent"],
  ringing: ["answer", "busy", "nobody"],
  talking: ["over"],
  waiting: ["staff", "stay"],
};
const STEP = { skip: "wait", silent: "wait", nobody: "wait", stay: "wait", staff: "answer" };

export const clock = (seconds) =>
  `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export class PhoneView {
  #log = $("#line-log");
  #scroller = $("#line-scroller");
  #actions;
  #line;
  #others = "";

  constructor(actions) {
    this.#actions = actions;
    $("#keys").replaceChildren(...ORDER.map((key) => this.#key(key)));
    new ResizeObserver(() => this.#toEnd()).observe(this.#scroller);
    setInterval(() => this.#drawTime(), 500);
  }

  #key(key) {
    const button = element("button", { type: "button", class: "key", "data-key": key, "aria-label": key },
      element("span", { text: key }), element("small", { "aria-hidden": "true", text: LETTERS[key] }));
    button.addEventListener("click", () => this.#actions.press(key));
    return button;
  }

  // A key of the keyboard shows on the pad.
  flash(key) {
    const button = $(`.key[data-key="${key}"]`);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 140);
  }

  clear() {
    this.#log.replaceChildren();
  }

  draw(line, fresh, { editing, rings = null }) {
    this.#line = line;
    $("#line-empty").hidden = !editing;
    this.#log.hidden = editing;
    for (const entry of fresh) this.#add(entry);
    this.#mark(line);
    this.#drawStatus(line, rings);
    this.#drawOthers(line, rings);
    this.#drawHook(line, editing, rings);
    if (fresh.length) this.#toEnd();
  }

  #add({ kind, text, detail }) {
    const note = (key, values, tone = "") => this.#log.append(
      element("li", { class: `msg note ${tone}` }, element("span", { text: t(key, values) })));
    const bubble = (side, ...inside) => this.#log.append(
      element("li", { class: `msg ${side}` }, element("div", { class: "bubble", lang: "zh-CN" }, ...inside)));
    if (kind === "heard") bubble("out", document.createTextNode(text));
    else if (kind === "pressed") this.#pressed(text);
    else if (kind === "said") bubble("in", document.createTextNode(text));
    else if (kind === "beep") note("said_beep");
    else if (kind === "dial") note("said_dial", { to: text });
    else if (kind === "whisper") note("said_whisper", { words: text });
    else if (kind === "queue") note("said_queue", { place: detail.position });
    else if (kind === "recorded") note("said_recorded", { words: text });
    else if (kind === "error") note("said_error", { why: text }, "hot");
    else if (kind === "over") note(`ended_${text}`);
  }

  // Keys pressed one after the other stand in one bubble.
  #pressed(key) {
    const last = this.#log.lastElementChild;
    if (last?.classList.contains("keyed")) return last.firstElementChild.append(element("kbd", { text: key }));
    this.#log.append(element("li", { class: "msg in keyed" }, element("div", { class: "bubble" }, element("kbd", { text: key }))));
  }

  #mark(line) {
    for (const node of this.#log.querySelectorAll(".now")) node.classList.remove("now");
    const heard = this.#log.querySelectorAll(".msg.out");
    if (line.doing === "speaking") heard[heard.length - 1]?.classList.add("now");
  }

  #drawStatus(line, rings) {
    const tone = rings ? "ringing" : line.trouble ? "trouble" : line.doing;
    const why = line.trouble === "away" ? t("no_answer") : line.trouble;
    const text = rings ? t("line_rings", { what: t(`rings_${rings.purpose}`) }) : line.trouble ? t("line_trouble", { why }) : t(`line_${line.doing}`, { who: line.state?.text ?? "" });
    if ($("#line-status").dataset.tone !== tone) $("#line-status").dataset.tone = tone;
    if ($("#line-text").textContent !== text) $("#line-text").textContent = text;
    this.#drawTime();
  }

  #drawTime() {
    if (this.#line) $("#line-time").textContent = this.#line.state ? clock(this.#line.seconds) : "";
  }

  #drawOthers(line, rings) {
    const queued = line.state?.queued && line.doing !== "waiting" && line.doing !== "talking" ? ["staff"] : [];
    const shown = line.live ? [...(OTHERS[line.doing] ?? []), ...queued] : rings ? ["pickup", "decline"] : [];
    const shape = shown.join() + document.documentElement.lang;
    if (shape === this.#others) return;
    this.#others = shape;
    $("#others").replaceChildren(...shown.map((who) => {
      const button = element("button", { type: "button", class: "button", text: t(`other_${who}`) });
      button.addEventListener("click", () => this.#actions.other(STEP[who] ?? who));
      return button;
    }));
  }

  #drawHook(line, editing, rings) {
    const { live } = line;
    $("#call").classList.toggle("off", live);
    $("#call-text").textContent = t(live ? "hangup" : rings ? "other_pickup" : editing || !line.state ? "call" : "call_again");
    for (const node of document.querySelectorAll(".key, #words, #speak, #ear")) node.disabled = !live;
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#line?.state ? this.#scroller.scrollHeight : 0;
  }
}
