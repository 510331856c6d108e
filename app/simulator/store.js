// What this browser remembers. Storage may be refused (private mode): then it lasts as long as the page.
const PREFIX = "frontdoor.try.";
const memory = new Map();

function read(key, fallback) {
  try {
    const raw = localStorage.getItem(PREFIX + key);
    if (raw !== null) return JSON.parse(raw);
  } catch { /* fall through to memory */ }
  return memory.get(key) ?? fallback;
}

function write(key, value) {
  memory.set(key, value);
  try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { /* kept in memory */ }
}

// crypto.randomUUID is missing on plain-http addresses (a phone on the same Wi-Fi), getRandomValues is not.
export function randomHex(bytes = 16) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
}

export function uuid() {
  const hex = randomHex();
  const v4 = hex.slice(0, 12) + "4" + hex.slice(13, 16) + "a" + hex.slice(17);
  return v4.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const language = {
  get: () => read("language", null),
  set: (value) => write("language", value),
};

// A visitor: {id, n, name?}. n is the running number behind 新客户 n; only a real name is told to the service.
const list = () => read("visitors", []);

export const visitors = {
  all: list,

  add(name) {
    const known = list();
    const visitor = { id: randomHex(), n: known.length + 1, ...(name ? { name } : {}) };
    write("visitors", [...known, visitor]);
    visitors.choose(visitor.id);
    return visitor;
  },

  current(firstName) {
    const known = list();
    return known.find((v) => v.id === read("visitor", null)) ?? known[0] ?? visitors.add(firstName);
  },

  choose: (id) => write("visitor", id),
};

// Words not yet acknowledged outlive a reload, under the id they were first sent with.
export const unsent = {
  of: (visitorId) => read("unsent." + visitorId, []),

  keep(visitorId, message) {
    const others = unsent.of(visitorId).filter((m) => m.clientId !== message.clientId);
    write("unsent." + visitorId, [...others, message]);
  },

  drop(visitorId, clientId) {
    write("unsent." + visitorId, unsent.of(visitorId).filter((m) => m.clientId !== clientId));
  },
};

// The number a customer calls from; an empty one is withheld.
export const numbers = {
  usual: (visitor) => (visitor.n === 1 ? "+8613800138000" : madeUp(visitor.id)),
  of: (visitor) => read("number." + visitor.id, numbers.usual(visitor)),
  set: (visitor, value) => write("number." + visitor.id, value),
};

const madeUp = (id) => "+86139" + String(parseInt(id.slice(0, 12), 16) % 1e8).padStart(8, "0");

export const device = {
  get: () => read("device", "chat"),
  set: (value) => write("device", value),
};

export const loud = {
  get: () => read("loud", false),
  set: (value) => write("loud", value),
};
