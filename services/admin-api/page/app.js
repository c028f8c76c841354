import { call, token } from "./api.js";
import { decisionView } from "./decide.js";
import { element, notice, replace } from "./dom.js";
import * as kill from "./kill.js";
import { listView, loadList } from "./list.js";
import { registerPasskey } from "./passkey.js";
import * as safety from "./safety.js";
import { signIn } from "./sign-in.js";
import { ticketView } from "./ticket.js";

const REFRESH_MS = 1_500;
const FAST_REFRESH_MS = 400;
const FINAL = [
  "RISK_DENIED",
  "REJECTED",
  "EXPIRED",
  "WITHDRAWN",
  "VOIDED",
  "KILLED_NOT_SENT",
  "FILLED",
  "CANCELLED",
  "BROKER_REJECTED",
  "CLOSED_ABSENT",
];

const isOver = ({ state, order }) =>
  [state, ...(order?.legs ?? []).map((leg) => leg.state)].every((one) => FINAL.includes(one));

let shownId;
let shownAt = 0;
let shownJson = "";
let timer;
let left = false;

const idOfAddress = () => /^\/proposals\/(prop_[a-z2-7]{26})$/.exec(location.pathname)?.[1];

function choose(proposalId) {
  history.pushState(null, "", `/proposals/${proposalId}`);
  shownJson = "";
  void load();
}

/** Everything on the page comes from one round of questions; while something moves, the next round is sooner. */
async function load() {
  clearTimeout(timer);
  let pauseMs = REFRESH_MS;
  try {
    const id = idOfAddress();
    const [items, view] = await Promise.all([
      loadList(),
      id === undefined ? null : call("GET", `/api/v1/proposals/${id}`),
      kill.refresh(),
      safety.refresh(),
      showHealth(),
    ]);
    if (left) return;
    draw(items, view);
    if (view !== null && view.state !== "PENDING_APPROVAL" && !isOver(view)) pauseMs = FAST_REFRESH_MS;
  } catch (error) {
    if (error.code === "UNAUTHENTICATED") return leave("This token is not accepted.");
    notice(error.code === undefined ? "The admin API does not answer." : error.message);
  }
  if (!left) timer = setTimeout(load, pauseMs);
}

function draw(items, view) {
  const options = { current: view?.proposalId, choose, reload: load };
  const list = listView(items, options);
  const main = document.getElementById("main");
  if (view?.proposalId !== shownId) {
    shownId = view?.proposalId;
    shownAt = performance.now();
    shownJson = "";
  }
  const { approval, ...rest } = view ?? {};
  const json = JSON.stringify([rest, approval?.obstacle]);
  const card = document.getElementById("card");
  // A ticket that has not changed stays as it is, so that what is being typed is not lost.
  if (card !== null && json === shownJson) main.firstElementChild.replaceWith(list);
  else main.replaceChildren(list, detail(view));
  shownJson = json;
}

function detail(view) {
  if (view === null) return element("section", { class: "card", id: "card" }, "Choose a proposal to see its ticket.");
  const loadedAt = performance.now();
  return element(
    "section",
    { class: "card", id: "card", "data-state": view.state },
    element("p", { class: "muted", id: "state" }, view.state),
    ticketView(view),
    decisionView(view, { shownAt, loadedAt, reload: load }),
  );
}

async function showHealth() {
  const report = await call("GET", "/api/v1/health");
  const node = document.getElementById("health");
  node.textContent = report.summary;
  node.className = report.ok ? "" : "bad";
}

async function verifyAudit() {
  try {
    const { ok, size, root, findings } = await call("POST", "/api/v1/audit/verify");
    notice(
      ok ? `The audit verifies: ${size} records, root ${root}` : `The audit does NOT verify: ${findings.join("; ")}`,
    );
  } catch (error) {
    notice(error.message);
  }
}

/** The entry is public. It is shown to be signed: nothing that this page does puts anybody on the roster. */
async function makePasskey(entry) {
  try {
    const made = await registerPasskey(`passkey-${Date.now().toString(36)}`);
    entry.textContent = JSON.stringify(made);
    notice("Have this entry signed into the roster: countersign roster add");
  } catch (error) {
    notice(error.message);
  }
}

function leave(message) {
  clearTimeout(timer);
  left = true;
  signIn(start, message);
}

function start() {
  left = false;
  const verify = element("button", { type: "button", id: "verify", onclick: verifyAudit }, "Verify the audit");
  const out = element("button", { type: "button", onclick: () => leave() }, "Sign out");
  const entry = element("pre", { id: "passkey-entry" });
  const register = element(
    "button",
    { type: "button", id: "register-passkey", onclick: () => makePasskey(entry) },
    "Make a passkey",
  );
  replace("footer", verify, " ", register, " ", out, entry);
  replace("main");
  shownJson = "";
  void load();
}

addEventListener("popstate", () => {
  shownJson = "";
  void load();
});
if (token.get() === null) leave();
else start();
