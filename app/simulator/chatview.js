// Draws a Conversation. Elements are kept by item, so nothing flickers and a screen reader hears only what is new.
import { linked } from "./links.js";
import { clockTime, day, dayKey, getLanguage, t } from "./wording.js";

const SLOW_AFTER = 8000;

export function element(tag, { text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  if (text != null) node.textContent = text;
  node.append(...children.filter(Boolean));
  return node;
}

// What the customer answered to: the choices of the bot bubble just before.
function answered(items, index) {
  const before = items.slice(0, index).reverse().find((item) => item.direction === "out");
  return before?.choices.find((choice) => choice.key === items[index].text.trim());
}

export class ChatView {
  #log = document.querySelector("#log");
  #scroller = document.querySelector("#scroller");
  #newer = document.querySelector("#newer");
  #empty = document.querySelector("#empty");
  #loading = document.querySelector("#loading");
  #typing;
  #drawn = new Map();
  #actions;
  #slowTimer;
  #stick = true; // the reader is at the end and wants to stay there
  #heard = 0; // bot bubbles drawn so far

  constructor(actions) {
    this.#actions = actions;
    this.#typing = element("li", { class: "msg out typing", id: "typing", hidden: true });
    this.#newer.addEventListener("click", () => this.toEnd());
    this.#scroller.addEventListener("scroll", () => { if (this.#nearEnd()) this.#newer.hidden = true; });
    // The keyboard of a phone shrinks the log: keep the last words in sight.
    new ResizeObserver(() => { if (this.#stick) this.toEnd(); }).observe(this.#scroller);
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return (this.#stick = scrollHeight - scrollTop - clientHeight < 80);
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newer.hidden = true;
    this.#stick = true;
  }

  clear() {
    this.#drawn.clear();
    this.#heard = 0;
    this.#log.replaceChildren();
    this.#log.setAttribute("aria-busy", "true");
  }

  draw(conversation) {
    const { items } = conversation;
    const follow = this.#nearEnd();
    const heard = items.filter((item) => item.direction === "out").length;
    const wanted = [];
    let today = null;
    items.forEach((item, index) => {
      if (item.at && dayKey(item.at) !== today) {
        today = dayKey(item.at);
        wanted.push(this.#keep(`day${today}`, "", () => element("li", { class: "day" }, element("span", { text: day(item.at) }))));
      }
      const open = item.direction === "out" && !items.slice(index + 1).some((later) => later.state !== "rejected");
      const taken = item.choices.length && !open && this.#takenKey(items, index);
      const shape = JSON.stringify([item.state, item.at, item.error, open, taken, getLanguage()]);
      wanted.push(this.#keep(item.key, shape, () => this.#message(items, index, open, taken)));
    });
    this.#drawTyping(conversation);
    wanted.push(this.#typing);
    this.#place(wanted);
    for (const [key, { node }] of this.#drawn) if (!wanted.includes(node)) this.#drawn.delete(key);
    this.#empty.hidden = !conversation.loaded || items.length > 0;
    this.#loading.hidden = conversation.loaded || items.length > 0;
    if (conversation.loaded) this.#log.removeAttribute("aria-busy");
    if (follow || items.at(-1)?.state === "sending") this.toEnd();
    else if (heard > this.#heard) this.#newer.hidden = false;
    this.#heard = heard;
  }

  #keep(key, shape, make) {
    const known = this.#drawn.get(key);
    if (known?.shape === shape) return known.node;
    const node = make();
    // Same place in the log, new state: change the inside, so that it is not read aloud again.
    if (known) {
      known.node.className = node.className;
      known.node.replaceChildren(...node.childNodes);
      known.shape = shape;
      return known.node;
    }
    this.#drawn.set(key, { shape, node });
    return node;
  }

  #place(wanted) {
    wanted.forEach((node, i) => {
      if (this.#log.children[i] !== node) this.#log.insertBefore(node, this.#log.children[i] ?? null);
    });
    while (this.#log.children.length > wanted.length) this.#log.lastElementChild.remove();
  }

  #takenKey(items, index) {
    const reply = items.slice(index + 1).find((item) => item.direction === "in");
    return reply?.text.trim() ?? "";
  }

  #message(items, index, open, taken) {
    const item = items[index];
    const first = items[index - 1]?.direction !== item.direction;
    const choice = item.direction === "in" && answered(items, index);
    const bubble = element("div", { class: "bubble", lang: "zh-CN" });
    if (choice) bubble.append(element("kbd", { text: choice.key }), choice.label);
    else bubble.append(...linked(item.text));
    return element("li", { class: `msg ${item.direction} ${item.state ?? ""} ${first ? "first" : ""}` },
      bubble, item.picture && this.#picture(item.picture), this.#meta(item), item.choices.length ? this.#choices(item.choices, open, taken) : null);
  }

  // Its place is there before it comes; a tap shows it in full. The words above say what it shows.
  #picture({ url, width, height }) {
    const image = element("img", { src: url, width, height, alt: t("picture"), decoding: "async" });
    image.addEventListener("error", () => link.remove(), { once: true });
    const link = element("a", { class: "picture", href: url, target: "_blank", rel: "noopener", "aria-label": t("picture_open") }, image);
    return link;
  }

  #meta(item) {
    const meta = element("div", { class: "meta" });
    if (item.at) meta.append(element("time", { datetime: item.at, text: clockTime(item.at) }));
    if (item.direction === "out") return meta;
    if (item.state === "sending") meta.append(element("span", { text: t("sending") }));
    if (item.state === "sent") meta.append(element("span", { class: "tick", role: "img", "aria-label": t("sent"), text: "✓" }));
    if (item.state === "failed") meta.append(this.#trouble(t("failed"), t("retry"), () => this.#actions.retry(item)));
    if (item.state === "rejected") {
      meta.append(this.#trouble(t("rejected", { why: item.error }), t("edit"), () => this.#actions.edit(item)));
    }
    return meta;
  }

  #trouble(text, label, act) {
    const button = element("button", { type: "button", class: "link", text: label });
    button.addEventListener("click", act);
    return element("span", { class: "trouble", role: "alert" }, element("span", { text }), button);
  }

  #choices(choices, open, taken) {
    const group = element("div", {
      class: "choices", role: "group", lang: "zh-CN", "aria-label": t(open ? "choices_label" : "choices_old"),
    });
    for (const { key, label } of choices) {
      const chosen = !open && key === taken;
      const button = element("button", {
        type: "button", class: `choice ${chosen ? "chosen" : ""}`, disabled: !open, "data-key": key,
        "aria-label": `${key} ${label}${chosen ? ` (${t("chosen")})` : ""}`,
      }, element("kbd", { text: key, "aria-hidden": "true" }), element("span", { text: label }));
      if (open) button.addEventListener("click", () => this.#actions.choose(key), { once: true });
      group.append(button);
    }
    return group;
  }

  #drawTyping(conversation) {
    clearTimeout(this.#slowTimer);
    this.#typing.hidden = !conversation.working;
    if (!conversation.working) return this.#typing.replaceChildren();
    const waited = Date.now() - conversation.workingSince;
    if (waited < SLOW_AFTER) this.#slowTimer = setTimeout(() => this.draw(conversation), SLOW_AFTER - waited + 50);
    const text = t(waited < SLOW_AFTER ? "typing" : "typing_slow");
    if (this.#typing.dataset.text === text && this.#typing.childElementCount) return undefined;
    this.#typing.dataset.text = text;
    const dots = element("span", { class: "dots", "aria-hidden": "true" }, ...[1, 2, 3].map(() => element("i")));
    return this.#typing.replaceChildren(element("div", { class: "bubble" }, dots,
      element("span", { class: waited < SLOW_AFTER ? "hidden-text" : "slow", text })));
  }
}
