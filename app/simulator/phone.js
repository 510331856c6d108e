// The telephone as a whole: its line, its face, the keyboard, the voice and the ear.
import * as calllog from "./calllog.js";
import { Line } from "./line.js";
import { notice } from "./notice.js";
import { PhoneView } from "./phoneview.js";
import * as store from "./store.js";
import * as voice from "./voice.js";
import { t } from "./wording.js";

const KEYS = /^[0-9*#]$/;
const $ = (selector) => document.querySelector(selector);
const writing = (node) => node.closest?.("input, textarea, select, [contenteditable]");

export class Phone {
  #visitor;
  #line;
  #view;
  #editing = true; // the number may be changed
  #loud = store.loud.get() && voice.canSpeak;
  #deaf = null; // ends the listening
  #rings = null; // a call to this telephone that waits to be picked up
  #patience; // until it has rung long enough
  #taken = 0; // the order that was dealt with, while older news of it are on their way

  constructor() {
    document.documentElement.classList.toggle("no-ear", !voice.canHear);
    document.documentElement.classList.toggle("no-voice", !voice.canSpeak);
    this.#view = new PhoneView({ press: (key) => this.#press(key), other: (what) => this.#other(what) });
    $("#call").addEventListener("click", () => this.#hook());
    $("#line-empty").addEventListener("submit", (event) => { event.preventDefault(); this.#begin("call"); });
    $("#loud").addEventListener("click", () => this.#setLoud(!this.#loud));
    $("#ear").addEventListener("click", () => this.#listen());
    $("#caller").addEventListener("input", () => this.#keepNumber());
    $("#anonymous").addEventListener("change", () => this.#keepNumber());
    $("#phone-from").addEventListener("click", () => this.#edit());
    this.#wordsBox();
    document.addEventListener("keydown", (event) => this.#keyboard(event));
    addEventListener("pagehide", () => this.#line?.drop());
  }

  get number() {
    return this.#visitor ? store.numbers.of(this.#visitor) : "";
  }

  // Another customer takes the telephone: a call of the one before is over.
  show(visitor) {
    this.#line?.drop();
    voice.hush();
    this.#visitor = visitor;
    this.#silence();
    this.#editing = true;
    this.#fresh();
    $("#caller").value = this.number || store.numbers.usual(visitor);
    $("#anonymous").checked = !this.number;
    $("#caller").disabled = !this.number;
    this.redraw();
  }

  // What rings on this telephone, or null. Whoever talks lets it ring.
  ring(rings) {
    if (rings?.order === this.#rings?.order || (rings && rings.order === this.#taken)) return;
    this.#silence();
    this.#rings = rings;
    if (rings) {
      this.#patience = setTimeout(() => this.#answer("ignore"), rings.seconds * 1000);
      notice(t("rings_title"), [t(`rings_${rings.purpose}`)], "hot");
    }
    this.redraw();
  }

  redraw() {
    $("#phone-from").textContent = this.number ? t("from", { number: this.number }) : t("from_hidden");
    this.#setLoud(this.#loud);
    this.#draw([]);
  }

  #fresh() {
    const line = (this.#line = new Line({
      changed: (entries) => { if (line === this.#line) this.#changed(entries); },
      speak: (text) => this.#speak(text),
    }));
    this.#view.clear();
    calllog.clear();
  }

  #changed(entries) {
    calllog.add(entries);
    this.#draw(entries);
    if (!this.#line.live) this.#quiet();
  }

  #draw(entries) {
    this.#view.draw(this.#line, entries, { editing: this.#editing, rings: this.#line.live ? null : this.#rings });
  }

  #hook() {
    if (this.#line.live) this.#line.hangup();
    else if (this.#rings) this.#answer("pickup");
    else this.#begin("call");
  }

  #other(what) {
    if (this.#line.live) this.#line.other(what);
    else this.#answer(what);
  }

  #answer(what) {
    if (!this.#rings) return;
    const { order } = this.#rings;
    this.#silence();
    if (this.#line.live) return; // whoever talks lets it ring on
    this.#taken = order;
    this.#begin(what);
  }

  #silence() {
    clearTimeout(this.#patience);
    this.#rings = null;
  }

  #begin(what) {
    this.#editing = false;
    this.#fresh();
    this.#line.begin(what, this.number || "anonymous");
    $("#call").focus({ preventScroll: true });
  }

  #edit() {
    if (this.#line.live) return;
    this.#editing = true;
    this.redraw();
    $("#caller").focus();
  }

  #keepNumber() {
    const hidden = $("#anonymous").checked;
    $("#caller").disabled = hidden;
    store.numbers.set(this.#visitor, hidden ? "" : $("#caller").value.trim() || store.numbers.usual(this.#visitor));
    $("#phone-from").textContent = this.number ? t("from", { number: this.number }) : t("from_hidden");
  }

  #press(key) {
    if (!this.#line.live) return;
    if (this.#loud) voice.tone(key);
    this.#line.press(key);
  }

  #keyboard(event) {
    if (!this.#line.live || !KEYS.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (writing(event.target) || $("#phone").offsetParent === null || $("#stage").inert) return;
    event.preventDefault();
    if (event.repeat) return;
    this.#view.flash(event.key);
    this.#press(event.key);
  }

  #wordsBox() {
    const box = $("#words");
    box.addEventListener("input", () => this.#line.hold(box.value !== ""));
    $("#speech").addEventListener("submit", (event) => {
      event.preventDefault();
      const words = box.value.trim();
      if (!words) return;
      box.value = "";
      this.#line.hold(false);
      this.#line.say(words);
    });
  }

  #listen() {
    if (this.#deaf) return this.#quiet();
    voice.hush();
    $("#ear").setAttribute("aria-pressed", "true");
    this.#line.hold(true);
    const line = this.#line;
    this.#deaf = voice.listen({
      heard: (words, confidence) => line.say(words, confidence),
      over: () => this.#quiet(),
    });
  }

  #quiet() {
    this.#deaf?.();
    this.#deaf = null;
    $("#ear").setAttribute("aria-pressed", "false");
    this.#line.hold($("#words").value !== "");
  }

  #setLoud(on) {
    this.#loud = on && voice.canSpeak;
    store.loud.set(this.#loud);
    const label = t(this.#loud ? "loud_on" : "loud_off");
    $("#loud").setAttribute("aria-pressed", String(this.#loud));
    $("#loud").setAttribute("aria-label", label);
    $("#loud").title = label;
    if (!this.#loud) voice.hush();
  }

  #speak(text) {
    voice.hush();
    return this.#loud && text && !text.startsWith("♪") ? voice.speak(text) : null;
  }
}
