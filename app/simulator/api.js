// The addresses of the service. A refusal is a Refused with the service's own words; anything else that
// goes wrong (network, time-out, 5xx, 429) is worth trying again and is an Unreachable.
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Unreachable extends Error {}

async function call(url, { seconds = 15, signal, body } = {}) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, seconds * 1000);
  signal?.addEventListener("abort", abort);
  try {
    const response = await fetch(url, {
      signal: stop.signal,
      cache: "no-store",
      ...(body && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return answer;
    if (response.ok || response.status >= 500 || response.status === 429) {
      throw new Unreachable(`${response.status}`);
    }
    throw new Refused(response.status, answer?.error ?? `HTTP ${response.status}`);
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(error.message);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

export const say = ({ visitor, id, text, name, scene }) =>
  call("/webchat/messages", { body: { visitor, id, text, ...(name && { name }), ...(scene && { scene }) } });

export const listen = ({ visitor, after, wait, signal }) =>
  call(`/webchat/messages?${new URLSearchParams({ visitor, after, wait })}`, { seconds: wait + 10, signal });

export const state = (visitor, phone) =>
  call(`/try/state?${new URLSearchParams({ visitor, phone })}`, { seconds: 10 });

export const advanceClock = (advance) => call("/try/clock", { seconds: 60, body: { advance } });

// One step of a telephone call; the service may itself wait for a slow webhook.
export const phone = (step) => call("/try/phone", { seconds: 45, body: step });

// What a member does on the page of a Q&A group; the link is theirs alone.
export const groupCall = (token, what, body, seconds) =>
  call(`/groups/${encodeURIComponent(token)}/${what}`, { seconds, body });
