// The call beside the telephone: every signed request, what came back, what was heard and done.
import { element } from "./chatview.js";
import { clock } from "./phoneview.js";
import { t } from "./wording.js";

const list = document.querySelector("#calls");
const count = document.querySelector("#calls-count");
const QUIET = new Set(["purpose"]); // of a request's own fields, said elsewhere

const path = (text) => text.replace(/https?:\/\/[^/]+/, "");

function summary(entry) {
  if (entry.kind === "request") {
    const fields = Object.entries(entry.detail).filter(([name, value]) => !QUIET.has(name) && value !== "");
    return `→ ${path(entry.text)} ${fields.map(([name, value]) => `${name}=${value}`).join(" ")}`;
  }
  if (entry.kind === "answer") return `← ${entry.detail.verbs || "∅"}`;
  return `${t(`log_${entry.kind}`)} ${entry.kind === "over" ? t(`ended_${entry.text}`) : entry.text}`;
}

function line(entry) {
  const time = element("time", { text: clock(entry.at) });
  const words = element("span", { class: { request: "out", error: "bad" }[entry.kind], text: summary(entry) });
  if (entry.kind !== "answer") return element("li", {}, time, words);
  const open = element("summary", {}, time, words);
  return element("li", {}, element("details", {}, open, element("pre", { tabindex: "0", text: entry.detail.twiml })));
}

export function clear() {
  list.replaceChildren();
  count.textContent = "";
}

export function add(entries) {
  const end = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(...entries.map(line));
  count.textContent = list.querySelectorAll(".out").length || "";
  if (end) list.scrollTop = list.scrollHeight;
}
