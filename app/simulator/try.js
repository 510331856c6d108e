// Puts the parts together: who is playing, which language, what is open.
import { ChatView, element } from "./chatview.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { clearNotices, notice } from "./notice.js";
import { Panels } from "./panels.js";
import { Phone } from "./phone.js";
import { scanned } from "./scanned.js";
import * as store from "./store.js";
import { FIRST_CUSTOMER, applyWording, getLanguage, setLanguage, t } from "./wording.js";

const $ = (selector) => document.querySelector(selector);
const narrow = matchMedia("(max-width: 759.98px)");
const openers = document.querySelectorAll(".desk-open"); // one on each device

setLanguage(store.language.get() ?? "zh");
let visitor = store.visitors.current(FIRST_CUSTOMER);
let conversation = null;

const view = new ChatView({
  choose(key) {
    conversation.send(key);
    composer.focus();
  },
  retry: (item) => conversation.retry(item),
  edit(item) {
    conversation.forget(item);
    composer.fill(item.text);
  },
});
const composer = new Composer({ send: (text) => conversation.send(text), history: () => conversation.said() });
const phone = new Phone();
const panels = new Panels({
  number: () => phone.number,
  rings: (call) => phone.ring(call),
  changed: () => drawStatus(),
  reading: () => !narrow.matches || desk.classList.contains("open"),
  moved(fired) {
    conversation.hurry();
    // What fell due shows in the chat; on a phone the desk would cover it.
    if (fired.length && narrow.matches) openDesk(false);
  },
});

// ---- customers

const nameOf = ({ n, name }) => {
  if (n === 1 && name === FIRST_CUSTOMER) return t("customer_first");
  return name || t("customer_nth", { n });
};

function play(chosen) {
  visitor = chosen;
  store.visitors.choose(visitor.id);
  conversation?.close();
  view.clear();
  let mine;
  // A conversation left behind may still have an answer under way: it must not draw over the new one.
  let connection = "connecting";
  const changed = () => {
    if (!mine || mine !== conversation) return;
    if (connection === "lost" && mine.connection === "up") panels.look();
    connection = mine.connection;
    drawChat();
  };
  conversation = mine = new Conversation(visitor, changed);
  phone.show(visitor);
  panels.show(visitor);
  drawCustomers();
  drawChat();
}

function drawCustomers() {
  $("#you").textContent = t("you_are", { name: nameOf(visitor) });
  $("#customers").replaceChildren(...store.visitors.all().map((one) => {
    const now = one.id === visitor.id;
    const button = element("button", { type: "button", class: "customer", "aria-pressed": String(now) },
      element("span", { class: "face", "aria-hidden": "true", text: one.name ? one.name[0] : String(one.n) }),
      element("span", { text: nameOf(one) }), now ? element("small", { text: t("customer_now") }) : null);
    button.addEventListener("click", () => {
      if (one.id !== visitor.id) play(one);
      if (narrow.matches) openDesk(false);
    });
    return element("li", {}, button);
  }));
}

$("#customer-new").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = $("#customer-name").value.trim();
  $("#customer-name").value = "";
  play(store.visitors.add(name));
  if (narrow.matches) openDesk(false);
  notice(t("customer_started", { name: nameOf(visitor) }));
  composer.focus();
});

// ---- the status line keeps its place and only changes its words

function drawStatus() {
  const connection = conversation?.connection ?? "connecting";
  const source = panels.nlu?.source ?? "unknown";
  const up = connection === "up";
  const text = up ? t(`nlu_${source}`) : t(`status_${connection}`);
  const tone = up ? source : connection;
  const line = $("#status");
  if (line.dataset.tone !== tone) line.dataset.tone = tone;
  if ($("#status-text").textContent !== text) $("#status-text").textContent = text;
  const label = t("desk_open") + (panels.unread ? ` · ${t("desk_unread", { n: panels.unread })}` : "");
  for (const opener of openers) {
    opener.setAttribute("aria-label", label);
    opener.lastElementChild.hidden = !panels.unread;
    opener.lastElementChild.textContent = panels.unread;
  }
}

function drawChat() {
  view.draw(conversation);
  drawStatus();
}

// ---- the desk: beside the phone on a wide screen, a sheet over it on a narrow one

const desk = $("#desk");

function openDesk(open) {
  desk.classList.toggle("open", open);
  $("#veil").hidden = !open;
  $("#notices").classList.toggle("low", open && narrow.matches);
  fitDesk();
  if (open) {
    clearNotices();
    panels.markRead();
    $("#desk-close").focus();
  } else if (narrow.matches) $(`#${store.device.get()} .desk-open`).focus({ preventScroll: true });
}

function fitDesk() {
  const open = desk.classList.contains("open");
  desk.inert = narrow.matches && !open;
  $("#stage").inert = narrow.matches && open;
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"]]) {
    if (narrow.matches) desk.setAttribute(name, value);
    else desk.removeAttribute(name);
  }
  if (!narrow.matches) $("#veil").hidden = true;
}

for (const opener of openers) opener.addEventListener("click", () => openDesk(true));
$("#desk-close").addEventListener("click", () => openDesk(false));
$("#veil").addEventListener("click", () => openDesk(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && narrow.matches && desk.classList.contains("open")) openDesk(false);
});
narrow.addEventListener("change", () => {
  desk.classList.remove("open");
  fitDesk();
});

// ---- the device in hand, where there is room for one only

function hold(device) {
  store.device.set(device);
  $("#stage").dataset.device = device;
}

$("#to-phone").addEventListener("click", () => {
  hold("phone");
  $("#call").focus({ preventScroll: true });
});
$("#to-chat").addEventListener("click", () => {
  hold("chat");
  composer.focus();
});

// ---- language and colours

function speak(language) {
  setLanguage(language);
  applyWording();
  composer.drawExamples();
  drawTheme();
}

function drawTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  $("#theme").setAttribute("aria-label", t(dark ? "theme_to_light" : "theme_to_dark"));
  $("#theme").title = $("#theme").getAttribute("aria-label");
}

$("#language").addEventListener("click", () => {
  const next = getLanguage() === "zh" ? "en" : "zh";
  store.language.set(next);
  speak(next);
  drawCustomers();
  drawChat();
  phone.redraw();
  panels.redraw();
});
$("#theme").addEventListener("click", () => window.toggleTheme());
addEventListener("themechange", drawTheme);
addEventListener("online", () => conversation.hurry());

speak(getLanguage());
hold(store.device.get());
fitDesk();
play(visitor);
scanned(conversation);
composer.focus();
document.documentElement.classList.add("ready");
