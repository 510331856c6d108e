// One customer's conversation: what has been said, what is on its way, and whether the service is still working.
// Knows nothing of the page; `changed` is called after every change.
import * as api from "./api.js";
import { unsent, uuid } from "./store.js";

const WAIT = 25;
const WAIT_WHILE_WORKING = 2; // a finished turn without an answer does not end a long poll, so ask more often
const QUIET_RETRIES = [600, 1800];
const LONGEST_PAUSE = 10_000;

const pause = (ms, signal) =>
  new Promise((done) => {
    setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });

const untilVisible = () =>
  document.hidden
    ? new Promise((done) => document.addEventListener("visibilitychange", done, { once: true })).then(untilVisible)
    : Promise.resolve();

export class Conversation {
  // Items: {key, direction, text, choices, at, id} once the service has them; before that
  // {key, clientId, place, direction: "in", text, state: "sending" | "sent" | "failed" | "rejected", error}.
  // `place` keeps an unsent sentence where it was said, between the ids around it.
  items = [];
  loaded = false;
  connection = "connecting"; // "up" | "lost"
  workingSince = null;

  #visitor;
  #changed;
  #closed = false;
  #after = 0;
  #received = 0;
  #processed = 0;
  #poll = null;
  #sending = Promise.resolve();

  constructor(visitor, changed) {
    this.#visitor = visitor;
    this.#changed = changed;
    for (const { clientId, text } of unsent.of(visitor.id)) {
      this.items.push({ key: clientId, clientId, direction: "in", text, choices: [], place: Infinity, state: "failed" });
    }
    this.#listen();
  }

  close() {
    this.#closed = true;
    this.#poll?.abort();
  }

  // Ends the present wait at once, so that the next one starts with fresh facts.
  hurry() {
    this.#poll?.abort();
  }

  get working() {
    return this.#received > this.#processed;
  }

  said() {
    return this.items.filter((item) => item.direction === "in").map((item) => item.text);
  }

  send(text) {
    const clientId = uuid();
    const item = { key: clientId, clientId, direction: "in", text, choices: [], state: "sending", place: this.#now() };
    unsent.keep(this.#visitor.id, { clientId, text });
    this.items.push(item);
    this.#enqueue(item);
  }

  // A scanned code led here: the service answers to what it stands for. It has no words, so no bubble of its own.
  scan(scene) {
    const sent = this.#sending.then(() => this.#post({ clientId: uuid(), text: "", scene }));
    this.#sending = sent.then(({ received }) => this.#isUnderWay(received)).catch(() => {});
    return sent;
  }

  retry(item) {
    item.state = "sending";
    item.place = this.#now();
    this.#arrange();
    this.#enqueue(item);
  }

  forget(item) {
    unsent.drop(this.#visitor.id, item.clientId);
    this.items = this.items.filter((other) => other !== item);
    this.#changed();
  }

  // One at a time: two quick sentences must reach the service in the order they were said.
  #enqueue(item) {
    this.#sending = this.#sending.then(() => this.#deliver(item));
    this.#changed();
  }

  async #deliver(item) {
    try {
      const { received } = await this.#post(item);
      item.state = "sent";
      unsent.drop(this.#visitor.id, item.clientId);
      this.#isUnderWay(received);
    } catch (error) {
      if (item.id) return; // it did arrive, only the answer was lost: the long poll has shown it
      const refused = error instanceof api.Refused;
      item.state = refused ? "rejected" : "failed";
      item.error = refused ? error.message : undefined;
      if (refused) unsent.drop(this.#visitor.id, item.clientId);
    }
    this.#changed();
  }

  #isUnderWay(received) {
    this.#received = Math.max(this.#received, received);
    this.#noteWork();
    if (this.working) this.hurry();
  }

  async #post({ clientId, text, scene }) {
    const message = { visitor: this.#visitor.id, id: clientId, text, name: this.#visitor.name, scene };
    for (const delay of QUIET_RETRIES) {
      try {
        return await api.say(message);
      } catch (error) {
        if (error instanceof api.Refused) throw error;
        await pause(delay);
      }
    }
    return api.say(message);
  }

  async #listen() {
    let failures = 0;
    while (!this.#closed) {
      await untilVisible();
      this.#poll = new AbortController();
      const { signal } = this.#poll;
      const started = Date.now();
      const wait = !this.loaded || failures ? 0 : this.working ? WAIT_WHILE_WORKING : WAIT;
      try {
        const page = await api.listen({ visitor: this.#visitor.id, after: this.#after, wait, signal });
        if (this.#closed) return;
        failures = 0;
        this.#take(page);
        // A server that does not hold the line must not be asked in a tight loop.
        if (wait && !page.messages.length && Date.now() - started < 300) await pause(700, signal);
      } catch {
        if (this.#closed) return;
        if (signal.aborted) continue;
        failures += 1;
        this.connection = "lost";
        this.#changed();
        await pause(Math.min(LONGEST_PAUSE, 500 * 2 ** failures), signal);
      }
    }
  }

  #take(page) {
    for (const message of page.messages) this.#merge(message);
    this.#processed = Math.max(this.#processed, page.processed ?? 0);
    if (!this.loaded) for (const item of this.items) item.place = item.id ?? this.#now();
    this.#arrange();
    this.connection = "up";
    this.loaded = true;
    this.#noteWork();
    this.#changed();
  }

  #merge(message) {
    this.#after = Math.max(this.#after, message.id);
    const known = this.items.find((item) => item.id === message.id && item.direction === message.direction);
    if (known) return;
    const mine = message.direction === "in" && this.items.find((i) => !i.id && i.clientId === message.client_id);
    const item = mine || { key: `${message.direction}${message.id}` };
    Object.assign(item, {
      id: message.id, direction: message.direction, text: message.text,
      choices: message.choices ?? [], picture: message.picture, at: message.at, state: "sent",
    });
    if (mine) unsent.drop(this.#visitor.id, mine.clientId);
    else this.items.push(item);
  }

  #now() {
    return this.#after + 0.5;
  }

  #arrange() {
    this.items.sort((a, b) => (a.id ?? a.place) - (b.id ?? b.place) || 0);
  }

  #noteWork() {
    if (!this.working) this.workingSince = null;
    else this.workingSince ??= Date.now();
  }
}
