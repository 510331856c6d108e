// Short notices that float over the page: they never move what is being read.
import { element } from "./chatview.js";
import { t } from "./wording.js";

const LASTS = 7000;
const MOST = 3;
const stack = document.querySelector("#notices");

export function notice(title, lines = [], tone = "calm") {
  const close = element("button", { type: "button", class: "icon", "aria-label": t("close"), text: "×" });
  const node = element("div", { class: `notice ${tone}` },
    element("div", { class: "notice-words" }, element("strong", { text: title }),
      ...lines.map((line) => element("p", { text: line }))), close);
  let timer;
  const start = () => { timer = setTimeout(() => node.remove(), LASTS + lines.length * 1500); };
  const hold = () => clearTimeout(timer);
  close.addEventListener("click", () => node.remove());
  for (const event of ["pointerenter", "focusin"]) node.addEventListener(event, hold);
  for (const event of ["pointerleave", "focusout"]) node.addEventListener(event, start);
  stack.prepend(node);
  while (stack.children.length > MOST) stack.lastElementChild.remove();
  start();
}

export const clearNotices = () => stack.replaceChildren();
