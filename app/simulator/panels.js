// The demo desk: clock, staff alerts, tickets, and how the service feels. One question to the service every
// three seconds while somebody looks.
import * as api from "./api.js";
import { element } from "./chatview.js";
import { notice } from "./notice.js";
import { clockTime, day, dayAndTime, t } from "./wording.js";

const EVERY = 3000;
const FIRED_SHOWN = 4;
const $ = (selector) => document.querySelector(selector);

// The colour of a state; anything unlisted is "under way".
const TONE = { closed: "done", done: "done", cancelled: "off", merged: "off", reopened: "hot", urgent: "hot", emergency: "hot" };

export class Panels {
  unread = 0;
  nlu = null;

  #visitor;
  #options;
  #timer;
  #asking = 0;
  #state = null;
  #readAt = 0;
  #step = null; // what the last move of the clock brought
  #seenPushes = null;
  #drawnTickets = "";
  #drawnPushes = "";

  // changed(): the state was renewed; moved(): the clock was advanced; reading(): are the alerts in sight?
  // number(): what the customer calls from; rings(call): what rings there, or null.
  constructor(options) {
    this.#options = options;
    for (const button of document.querySelectorAll("[data-advance]")) {
      button.addEventListener("click", () => this.#advance(button.dataset.advance));
    }
    document.addEventListener("visibilitychange", () => this.look());
    setInterval(() => this.#tick(), 1000);
  }

  show(visitor) {
    this.#visitor = visitor;
    this.#drawTickets([]);
    this.look();
  }

  redraw() {
    this.#drawnTickets = this.#drawnPushes = "";
    if (this.#step) this.#drawFired(this.#step);
    if (!this.#state) return;
    this.#draw(this.#state);
  }

  markRead() {
    this.unread = 0;
    this.#options.changed();
  }

  get now() {
    return this.#state && new Date(new Date(this.#state.now).getTime() + (Date.now() - this.#readAt));
  }

  async look() {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    const asked = (this.#asking += 1);
    try {
      const state = await api.state(this.#visitor.id, this.#options.number());
      if (asked !== this.#asking) return;
      this.#readAt = Date.now();
      this.#draw(state);
    } catch (error) {
      if (asked !== this.#asking) return;
      document.documentElement.classList.add("known");
      // No such address: this service is not a demonstration, so the desk has nothing to show.
      if (error.status === 404) return void this.#hideDesk();
    }
    this.#timer = setTimeout(() => this.look(), EVERY);
  }

  #hideDesk() {
    for (const id of ["#panel-clock", "#panel-pushes", "#panel-tickets"]) $(id).hidden = true;
  }

  #draw(state) {
    this.#state = state;
    this.nlu = state.nlu;
    $("#panel-clock").hidden = !state.demo;
    document.documentElement.classList.toggle("no-phone", !state.demo);
    this.#countNew(state.pushes);
    this.#drawPushes(state.pushes);
    this.#options.rings(state.ringing ?? null);
    this.#drawTickets(state.tickets);
    this.#drawLogin(state.login);
    this.#drawNlu(state.nlu);
    this.#tick();
    document.documentElement.classList.add("known");
    this.#options.changed();
  }

  #tick() {
    if (!this.now) return;
    const words = { "#clock-day": day(this.now), "#clock-time": clockTime(this.now), "#status-time": dayAndTime(this.now) };
    for (const [id, text] of Object.entries(words)) {
      if ($(id).textContent !== text) $(id).textContent = text;
    }
  }

  #countNew(pushes) {
    const known = this.#seenPushes;
    this.#seenPushes = new Set(pushes.map((push) => push.id));
    if (!known) return;
    const fresh = pushes.filter((push) => !known.has(push.id));
    if (!fresh.length || this.#options.reading()) return;
    this.unread += fresh.length;
    notice(t("push_new"), fresh.slice(0, 2).map((push) => `${push.to}：${push.text}`), "hot");
  }

  #drawPushes(pushes) {
    const newestFirst = [...pushes].sort((a, b) => b.id - a.id);
    const shape = JSON.stringify(newestFirst);
    if (shape === this.#drawnPushes) return;
    this.#drawnPushes = shape;
    $("#pushes-empty").hidden = pushes.length > 0;
    $("#pushes-count").textContent = pushes.length || "";
    $("#pushes").replaceChildren(...newestFirst.map((push) => element("li", {},
      element("div", { class: "meta" }, element("b", { text: t("push_to", { to: push.to }) }),
        element("time", { datetime: push.at, text: dayAndTime(push.at) })),
      element("p", { lang: "zh-CN", text: push.text }))));
  }

  #drawTickets(tickets) {
    const shape = JSON.stringify(tickets);
    if (shape === this.#drawnTickets) return;
    this.#drawnTickets = shape;
    $("#tickets-empty").hidden = tickets.length > 0;
    $("#tickets-count").textContent = tickets.length || "";
    $("#tickets").replaceChildren(...tickets.map((ticket) => element("li", {},
      element("div", { class: "ticket-top" }, element("b", { class: "number", text: ticket.number }),
        element("span", { class: `pill ${TONE[ticket.state] ?? ""}`, text: ticket.state_label })),
      element("p", { text: ticket.category_label ?? "" }),
      element("p", { class: "quiet", text: ticket.outlet || t("outlet_none") }))));
  }

  #drawLogin(login) {
    if (!login) return;
    $("#console").href = login.url;
    $("#login").textContent = t("console_login", { user: login.user });
  }

  #drawNlu(nlu) {
    const plain = nlu?.source === "rasa" || !nlu;
    $("#nlu-note").hidden = plain;
    if (plain) return;
    const parts = [t(`nlu_${nlu.source}`), nlu.reason && t("nlu_why", { why: nlu.reason }), t("nlu_keywords_hint")];
    $("#nlu-note").replaceChildren(...parts.filter(Boolean).map((text, i) => element(i ? "p" : "strong", { text })));
  }

  async #advance(advance) {
    const panel = $("#panel-clock");
    if (panel.getAttribute("aria-busy") === "true") return;
    panel.setAttribute("aria-busy", "true");
    $("#clock-result").textContent = t("clock_busy");
    try {
      this.#step = await api.advanceClock(advance);
      this.#drawFired(this.#step);
      this.#announce(this.#step);
      this.#options.moved(this.#step.fired);
    } catch (error) {
      const text = t("clock_failed", { why: error.status ? error.message : t("no_answer") });
      $("#clock-result").textContent = text;
      notice(text, [], "hot");
      if (error.status === 404) panel.hidden = true;
    }
    panel.setAttribute("aria-busy", "false");
    this.look();
  }

  #firedLines({ fired }) {
    const lines = fired.slice(0, FIRED_SHOWN).map(({ at, what }) => `${dayAndTime(at)}  ${what}`);
    if (fired.length > FIRED_SHOWN) lines.push(t("clock_more", { n: fired.length - FIRED_SHOWN }));
    return lines;
  }

  #drawFired(step) {
    const { length } = step.fired;
    const summary = length ? t("clock_fired", { n: length }) : t("clock_nothing");
    const lines = this.#firedLines(step).map((text) => element("li", { text }));
    $("#clock-result").replaceChildren(element("span", { text: summary }), element("ul", {}, ...lines));
  }

  #announce(step) {
    const lines = this.#firedLines(step);
    const moved = t("clock_moved", { now: `${day(step.now)} ${clockTime(step.now)}` });
    notice(moved, lines.length ? lines : [t("clock_nothing")]);
  }
}
