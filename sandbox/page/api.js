// The control interface of the sandbox, and its live events with polling to fall back on.

export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

async function ask(method, path, body) {
  const response = await fetch(`/control/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    throw new Refused(`The sandbox answered ${response.status} without JSON.`, response.status);
  }
  if (!response.ok) throw new Refused(value?.error ?? response.statusText, response.status);
  return value;
}

const query = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined)).toString();

export const api = {
  bots: () => ask("GET", "bots"),
  bot: (bot) => ask("GET", `bot?${query({ bot })}`),
  people: () => ask("GET", "people"),
  addPerson: (person) => ask("POST", "people", person),
  addChat: (chat) => ask("POST", "chats", chat),
  messages: (bot, chat, after) => ask("GET", `messages?${query({ bot, chat, after })}`),
  send: (values) => ask("POST", "send", values),
  tap: (values) => ask("POST", "tap", values),
  callback: (id, wait) => ask("GET", `callbacks/${id}?${query({ wait })}`),
  block: (bot, from) => ask("POST", "block", { bot, from }),
  unblock: (bot, from) => ask("POST", "unblock", { bot, from }),
  deactivate: (from) => ask("POST", "deactivate", { from }),
  kick: (bot, chat) => ask("POST", "kick", { bot, chat }),
  calls: (bot, after) => ask("GET", `calls?${query({ bot, after })}`),
  addFault: (fault) => ask("POST", "faults", fault),
  clearFaults: (bot) => ask("DELETE", `faults?${query({ bot })}`),
  limits: (values) => ask("POST", "limits", values),
  news: () => ask("GET", "news"),
  publish: (slug) => ask("POST", "news/publish", slug ? { slug } : {}),
  resetNews: () => ask("POST", "news/reset", {}),
  engine: () => ask("GET", "engine"),
  steerEngine: (values) => ask("POST", "engine", values),
  file: (bot, fileId) => `/control/file?${query({ bot, file_id: fileId })}`,
};

const POLL_EVERY = 2000;

// onEvent gets {type: "poll"} whenever something may have been missed.
export function listen(bot, { onEvent, onState }) {
  const source = new EventSource(`/control/events?${query({ bot })}`);
  let polling = null;
  const stopPolling = () => {
    clearInterval(polling);
    polling = null;
  };
  source.onopen = () => {
    stopPolling();
    onState("live");
    onEvent({ type: "poll" });
  };
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = () => {
    onState("polling");
    polling ??= setInterval(() => onEvent({ type: "poll" }), POLL_EVERY);
  };
  return () => {
    stopPolling();
    source.close();
  };
}
