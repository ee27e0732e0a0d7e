"use strict";

// The tokens live in this page's memory alone: no cookie, no storage, and a reload signs out.
const session = { name: "", access: null, refresh: null, challenge: null, codes: [] };

const one = (selector) => document.querySelector(selector);

class Refused extends Error {}

async function call(method, path, body) {
  let response = await send(method, path, body);
  if (response.status === 401 && session.refresh && await renew()) response = await send(method, path, body);
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(sentence(answer, response.status));
  return answer;
}

function send(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  if (session.access) headers.Authorization = `Bearer ${session.access}`;
  return fetch(`/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
}

async function renew() {
  const refresh = session.refresh;
  session.access = session.refresh = null;
  const response = await send("POST", "jwt/refresh/", { refresh });
  if (!response.ok) return false;
  Object.assign(session, { refresh }, await response.json());
  return true;
}

function sentence(answer, status) {
  if (answer.detail) return answer.detail;
  const fields = Object.entries(answer).filter(([, texts]) => Array.isArray(texts));
  const lines = fields.map(([name, texts]) => (name === "non_field_errors" ? "" : `${name}: `) + texts.join(" "));
  return lines.join(" ") || `The server answered ${status}.`;
}

function show(panel) {
  for (const section of document.querySelectorAll("[data-panel]")) {
    section.hidden = section.dataset.panel !== panel;
    if (!section.hidden) section.querySelector("input")?.focus();
  }
}

function say(text, kind) {
  const message = one("#message");
  message.textContent = text;
  message.className = kind;
  message.hidden = !text;
}

function signedIn(answer) {
  session.access = answer.access;
  session.refresh = answer.refresh;
  session.challenge = null;
  return actions.home();
}

function showCodes(codes) {
  session.codes = codes;
  one("#codes").replaceChildren(...codes.map((code) => {
    const item = document.createElement("li");
    item.textContent = code;
    return item;
  }));
  show("codes");
}

const actions = {
  async signUp(fields) {
    await call("POST", "example/sign_up/", fields);
    await actions.signIn(fields);
  },

  async signIn({ username, password }) {
    const answer = await call("POST", "jwt/create/", { username, password });
    session.name = username;
    if (!answer.is_totp_enabled) return signedIn(answer);
    session.challenge = answer.totp_challenge_token;
    show("challenge");
  },

  async answer(fields) {
    await signedIn(await call("POST", "jwt/totp/verify/", { totp_challenge_token: session.challenge, ...fields }));
  },

  async home() {
    const status = await call("GET", "totp/status/");
    one("#name").textContent = session.name;
    one("#enabled").textContent = status.enabled ? "on" : "off";
    one("#codes-left").textContent = status.enabled ? status.backup_codes_left : "–";
    one("#turn-on").hidden = status.enabled;
    one("#renew").hidden = one("#turn-off").hidden = !status.enabled;
    show("signed-in");
  },

  async create() {
    const setup = await call("POST", "totp/create/", {});
    const drawing = new DOMParser().parseFromString(setup.svg, "image/svg+xml").documentElement;
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", "QR code for your authenticator app");
    one("#qr").replaceChildren(document.importNode(drawing, true));
    one("#secret").textContent = setup.secret.replace(/(.{4})(?=.)/g, "$1 ");
    one("#uri").href = setup.otpauth_uri;
    show("setup");
  },

  async confirm(fields) {
    const { backup_codes: codes, access, refresh } = await call("POST", "totp/confirm/", fields);
    Object.assign(session, { access, refresh });
    one("#qr").replaceChildren();
    one("#secret").textContent = "";
    one("#uri").removeAttribute("href");
    showCodes(codes);
  },

  async rotate(fields) {
    showCodes((await call("POST", "totp/rotate_backup_codes/", fields)).backup_codes);
  },

  async disable(fields) {
    await call("POST", "totp/disable/", fields);
    actions.signOut();
    say("The second factor is off. Sign in again.", "");
  },

  async copyCodes() {
    await navigator.clipboard.writeText(session.codes.join("\n"));
    say("Copied.", "");
  },

  downloadCodes() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([session.codes.join("\n") + "\n"], { type: "text/plain" }));
    link.download = "backup-codes.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  },

  codesKept() {
    session.codes = [];
    one("#codes").replaceChildren();
    return actions.home();
  },

  async signOut() {
    const { refresh } = session;
    if (refresh) await send("POST", "jwt/logout/", { refresh }).catch(() => {});
    Object.assign(session, { name: "", access: null, refresh: null, challenge: null, codes: [] });
    show("signed-out");
  },
};

async function run(element, action, fields) {
  say("", "");
  const buttons = [...element.querySelectorAll("button"), element].filter((node) => "disabled" in node);
  for (const button of buttons) button.disabled = true;
  try {
    await actions[action](fields);
    if (element instanceof HTMLFormElement) element.reset();
  } catch (error) {
    say(error instanceof Refused ? error.message : "The server cannot be reached.", "bad");
    if (!(error instanceof Refused)) console.error(error);
    if (element instanceof HTMLFormElement) element.querySelector(".code")?.select();
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  run(event.target, event.target.dataset.action, Object.fromEntries(new FormData(event.target)));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (button?.dataset.show) { say("", ""); show(button.dataset.show); }
  if (button?.dataset.action) run(button, button.dataset.action, {});
});

show("signed-out");
