// One telephone call: sends what the caller does to the engine on the service, one step after the other, and lets time
// pass: a prompt lasts as long as it is spoken, a silence as long as the service waits.
import * as api from "./api.js";

const TRIES = 4;
const PAUSE = 700;
const BEGIN = new Set(["call", "pickup", "decline", "ignore"]); // ours, and what is done with one that rings
const LEAST = 250; // ms between two steps that come by themselves

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Line {
  entries = [];
  state = null; // the last answer: doing, text, left, clock, ended
  busy = false; // the first answer is under way
  trouble = "";

  #changed;
  #speak;
  #chain = Promise.resolve();
  #timer;
  #at = 0;
  #held = false;
  #pending = 0; // steps on their way
  #turn = 0; // what ends by itself belongs to one turn only

  // changed(fresh): new entries are there; speak(text): says a prompt aloud and resolves when it is over, or null.
  constructor({ changed, speak }) {
    this.#changed = changed;
    this.#speak = speak;
  }

  get live() {
    return this.busy || (this.state !== null && !this.state.ended);
  }

  get doing() {
    if (this.busy && !this.state) return "dialling";
    return this.state ? this.state.doing : "idle";
  }

  // Seconds of the call, for the eye.
  get seconds() {
    if (!this.state) return 0;
    return this.state.clock + (this.state.ended ? 0 : Math.min(this.#elapsed(), this.state.left || Infinity));
  }

  // A call begins: dialled, or one that rings is picked up, declined or left to ring.
  begin(what, caller) {
    if (this.live) return;
    this.entries = [];
    this.state = null;
    this.busy = true;
    this.#step(what, { caller });
  }

  press = (key) => this.#do("press", { value: key });
  say = (text, confidence = "0.9") => this.#do("say", { value: text, confidence });
  pass = () => this.#do("wait");
  other = (what) => this.#do(what);
  hangup = () => this.#do("hangup");

  // While somebody writes or speaks, the service's patience is not used up.
  hold(held) {
    if (held === this.#held) return;
    this.#held = held;
    if (this.live && this.state) this.#await();
  }

  // The page goes away: the line must not stay open.
  drop() {
    if (!this.state || this.state.ended) return;
    const body = JSON.stringify({ do: "hangup", call: this.state.call, after: this.#elapsed() });
    navigator.sendBeacon("/try/phone", new Blob([body], { type: "application/json" }));
  }

  #do(what, more = {}) {
    if (!this.state || this.state.ended) return;
    this.#step(what, { after: this.#elapsed(), ...more });
  }

  #step(what, more) {
    this.#stop();
    this.#pending += 1;
    this.#changed([]);
    this.#chain = this.#chain.then(() => this.#send(what, more)).finally(() => { this.#pending -= 1; this.#await(); });
  }

  // A step that is sent again is the same step: the service knows its webhooks by their tokens.
  async #send(what, more) {
    if (!BEGIN.has(what) && (!this.state || this.state.ended)) return;
    for (let left = TRIES; ; left -= 1) {
      try {
        const answer = await api.phone({ do: what, call: this.state?.call ?? "", ...more });
        this.trouble = "";
        return this.#take(answer);
      } catch (error) {
        if (error instanceof api.Refused || left <= 1) return this.#fail(error);
        await sleep(PAUSE);
      }
    }
  }

  #take(answer) {
    this.busy = false;
    this.state = answer;
    this.#at = performance.now();
    this.entries.push(...answer.entries);
    this.#changed(answer.entries);
  }

  #fail(error) {
    this.busy = false;
    this.trouble = error.status ? error.message : "away";
    if (this.state) this.state = { ...this.state, doing: "over", ended: "lost" };
    this.#changed([]);
  }

  #elapsed() {
    return Math.max(0, (performance.now() - this.#at) / 1000);
  }

  #stop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#speak(null);
  }

  // What goes on ends by itself; a talk and a call that is over do not.
  #await() {
    this.#stop();
    if (!this.live || this.#pending || this.state.doing === "talking") return;
    const { doing, text, left } = this.state;
    if (this.#held && (doing === "gathering" || doing === "recording")) return;
    const turn = this.#turn;
    const over = () => { if (turn === this.#turn) this.pass(); };
    const spoken = doing === "speaking" ? this.#speak(text) : null;
    if (spoken) spoken.then(over);
    else this.#timer = setTimeout(over, Math.max(LEAST, left * 1000));
  }
}
