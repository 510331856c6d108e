// The page of a Q&A group: who opens it with their own link reads what is asked and answered, and asks.
import { Refused, groupCall } from "./api.js";
import { element } from "./chatview.js";
import { linked } from "./links.js";
import { language, unsent, uuid, visitors } from "./store.js";

const WORDS = {
  title: ["培训答疑群", "Training Q&A group"],
  skip: ["跳到输入框", "Skip to the message box"],
  switch: ["English", "中文"],
  private: ["私聊客服", "Private chat"],
  leave: ["退出这个群", "Leave this group"],
  leave_sure: ["退出后，您的专用链接还可以再进来。现在退出吗？", "You may come back by your own link. Leave now?"],
  log: ["群里的问题和回答", "Questions and answers"],
  say: ["在群里提问，例如“投屏怎么连”", "Ask the group, in Chinese or English"],
  send: ["发送", "Send"],
  empty: ["还没有人提问。写下第一个问题，小助手先答，答不了的由培训老师回答。", "Nobody has asked yet. The assistant answers what it knows, the trainer the rest."],
  members: ["成员 {n} 人，我是 {me}", "{n} members; you are {me}"],
  where: ["{when} · {place} · 到 {ends_on}", "{when} · {place} · until {ends_on}"],
  house: ["小助手", "Assistant"],
  up: ["群已连接", "Connected"],
  lost: ["连接断了，正在重连", "Connection lost, reconnecting"],
  over: ["这个群已经结束，可以看，不能再提问；请私聊客服", "This group has ended: read only. Please use the private chat"],
  sending: ["发送中…", "Sending…"],
  failed: ["没有发出去，点这里重发", "Not sent: tap to send again"],
  not_in: ["您还不能进这个群", "You cannot enter this group"],
  no_link: ["这个链接不对，或者已经失效。请向培训老师要您自己的链接，也可以私聊客服。", "This link is not right, or no longer good. Please ask the trainer for your own, or use the private chat."],
};
const one = (id) => document.getElementById(id);
const token = location.pathname.split("/").pop();
const visitor = visitors.current().id;
const pending = new Map(unsent.of(`group.${token}`).map((m) => [m.clientId, { ...m, failed: true }]));
let shown = null;

const t = (key, values = {}) =>
  WORDS[key][language.get() === "en" ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function translate() {
  document.documentElement.lang = language.get() === "en" ? "en" : "zh-CN";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-aria-label]")) node.ariaLabel = t(node.dataset.tAriaLabel);
  for (const node of document.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}

const call = (what, body = {}, seconds = 15) => groupCall(token, what, { visitor, ...body }, seconds);

function status(key, tone) {
  one("status").dataset.tone = tone;
  one("status-text").textContent = t(key);
}

function refused(why) {
  one("closed").hidden = false;
  one("closed-title").textContent = t("not_in");
  one("closed-why").textContent = why || t("no_link");
  one("composer").hidden = one("leave").hidden = true;
  document.querySelector(".members").hidden = true;
  status("not_in", "lost");
}

function bubble(message, quoted) {
  const from = message.mine ? "" : message.from ?? t("house");
  const quote = quoted && element("span", { class: "quote", text: quoted.text.slice(0, 80) });
  const body = element("div", { class: "bubble" }, quote, ...linked(message.text));
  const side = message.mine ? "in" : `out${message.from ? "" : " house"}`;
  const meta = element("div", { class: "meta" }, message.at && element("time", { datetime: message.at, text: message.at.slice(11, 16) }));
  if (message.sending) meta.append(element("span", { text: t("sending") }));
  if (message.failed) {
    const again = element("button", { type: "button", class: "link", text: t("failed") });
    again.addEventListener("click", () => deliver(message));
    meta.append(again);
  }
  if (message.private && message.text) meta.append(privately());
  return element("li", { class: `msg first ${side}` }, from && element("span", { class: "name", text: from }), body, meta);
}

function privately() {
  const button = element("button", { type: "button", class: "link", text: t("private") });
  button.addEventListener("click", goPrivate);
  return button;
}

// The private chat of /try is the same browser's, under the same secret.
function goPrivate() {
  location.assign("/try");
}

function draw() {
  if (!shown) return;
  const { group, messages, members } = shown;
  const end = one("scroller");
  const follow = end.scrollHeight - end.scrollTop - end.clientHeight < 80;
  for (const message of messages) if (message.client_id) forget(message.client_id);
  const known = new Map(messages.map((message) => [message.id, message]));
  const mine = [...pending.values()].map((message) => ({ ...message, mine: true }));
  one("log").replaceChildren(...[...messages, ...mine].map((m) => bubble(m, known.get(m.answers))));
  one("empty").hidden = messages.length + mine.length > 0;
  one("title").textContent = group.course;
  one("where").textContent = t("where", group);
  one("count").textContent = t("members", { n: members.length, me: shown.me });
  one("names").textContent = members.join("、");
  one("composer").hidden = group.state !== "open";
  status(group.state === "open" ? "up" : "over", group.state === "open" ? "rasa" : "lost");
  if (follow) end.scrollTop = end.scrollHeight;
}

function forget(clientId) {
  pending.delete(clientId);
  unsent.drop(`group.${token}`, clientId);
}

async function deliver(message) {
  pending.set(message.clientId, { ...message, failed: false, sending: true });
  unsent.keep(`group.${token}`, { clientId: message.clientId, text: message.text });
  draw();
  try {
    await call("messages", { id: message.clientId, text: message.text });
  } catch {
    pending.set(message.clientId, { ...message, failed: true, sending: false });
    draw();
  }
}

async function listen() {
  for (let failures = 0; ; ) {
    try {
      shown = await call("look", { mark: shown?.mark ?? "", wait: shown ? 20 : 0 }, 35);
      failures = 0;
      draw();
    } catch (error) {
      if (error instanceof Refused) return refused(error.message.startsWith("HTTP") ? "" : error.message);
      status("lost", "lost");
      failures += 1;
      await new Promise((done) => setTimeout(done, Math.min(10_000, 500 * 2 ** failures)));
    }
  }
}

one("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = one("say").value.trim();
  if (!text) return;
  one("say").value = "";
  deliver({ clientId: uuid(), text });
});
one("say").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  one("composer").requestSubmit();
});
one("language").addEventListener("click", () => {
  language.set(language.get() === "en" ? "zh" : "en");
  translate();
  draw();
});
one("private").addEventListener("click", goPrivate);
one("leave").addEventListener("click", async () => {
  if (!confirm(t("leave_sure"))) return;
  await call("leave");
  location.reload();
});

translate();
try {
  await call("join");
  await listen();
} catch (error) {
  refused(error instanceof Refused && !error.message.startsWith("HTTP") ? error.message : "");
}
