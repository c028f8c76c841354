import { call, token } from "./api.js";
import * as connection from "./connection.js";
import { decisionView } from "./decide.js";
import { element, notice, replace } from "./dom.js";
import * as kill from "./kill.js";
import { loadList, showList } from "./list.js";
import { registerPasskey } from "./passkey.js";
import * as safety from "./safety.js";
import { NOT_ACCEPTED, signIn } from "./sign-in.js";
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

let shownTicket;
let shownAt = 0;
let shownJson = "";
/** What stands in the way of an approval, of the last answer. It changes while the ticket stays as it is. */
const now = { approval: undefined, readAt: 0 };
let timer;
let left = false;
/** Counts the rounds of questions: an answer of an earlier one is about another proposal, or for another person. */
let round = 0;

const idOfAddress = () => /^\/proposals\/(prop_[a-z2-7]{26})$/.exec(location.pathname)?.[1];

function choose(proposalId) {
  history.pushState(null, "", `/proposals/${proposalId}`);
  shownJson = "";
  notice("");
  void load();
}

/** Everything on the page comes from one round of questions; while something moves, the next round is sooner. */
async function load() {
  clearTimeout(timer);
  round += 1;
  const mine = round;
  const counts = () => !left && mine === round;
  let pauseMs = REFRESH_MS;
  try {
    const id = idOfAddress();
    const [items, view] = await Promise.all([
      loadList(),
      id === undefined ? null : viewOf(id),
      kill.refresh(counts),
      safety.refresh(),
      showHealth(counts),
    ]);
    if (!counts()) return;
    draw(items, view);
    connection.answered();
    if (view !== null && view.state !== "PENDING_APPROVAL" && !isOver(view)) pauseMs = FAST_REFRESH_MS;
  } catch (error) {
    if (!counts()) return;
    if (error.code === "UNAUTHENTICATED") return leave(NOT_ACCEPTED);
    connection.lost(error.message);
  }
  timer = setTimeout(load, pauseMs);
}

/** One proposal; null where there is none, which is no reason not to show the others. */
function viewOf(id) {
  return call("GET", `/api/v1/proposals/${id}`).catch((error) => {
    if (error.code === "PROPOSAL_NOT_FOUND") return null;
    throw error;
  });
}

function draw(items, view) {
  const list = document.getElementById("list");
  showList(list, items, { current: view?.proposalId, choose, reload: load });
  // A ticket that was made smaller is another one, which nobody has looked at yet.
  const ticket = view === null ? undefined : `${view.proposalId} ${view.ticketHash}`;
  if (ticket !== shownTicket) {
    shownTicket = ticket;
    shownAt = performance.now();
    shownJson = "";
  }
  const { approval, ...rest } = view ?? {};
  Object.assign(now, { approval, readAt: performance.now() });
  const json = JSON.stringify([rest, approval?.passkey, idOfAddress()]);
  const card = document.getElementById("card");
  // A ticket that has not changed stays as it is, so that what is being typed is not lost.
  if (card === null || json !== shownJson) list.parentElement.replaceChildren(list, detail(view));
  shownJson = json;
}

function detail(view) {
  if (view === null) {
    const says = idOfAddress() === undefined ? "Choose a proposal to see its ticket." : "There is no such proposal.";
    return element("section", { class: "card", id: "card" }, says);
  }
  return element(
    "section",
    { class: "card", id: "card", "data-state": view.state },
    element("p", { class: "muted", id: "state" }, view.state),
    ticketView(view),
    decisionView(view, { shownAt, now, reload: load }),
  );
}

async function showHealth(counts) {
  const report = await call("GET", "/api/v1/health");
  if (!counts()) return;
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
  shownTicket = undefined;
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
  replace("main", element("section", { id: "list", "aria-label": "Proposals" }));
  shownJson = "";
  void load();
}

addEventListener("popstate", () => {
  shownJson = "";
  notice("");
  if (!left) void load();
});
// A browser slows the clocks of a page that nobody sees; who comes back to it sees what is, and not what was.
document.addEventListener("visibilitychange", () => {
  connection.look();
  if (!left && document.visibilityState === "visible") void load();
});
setInterval(connection.look, 500);
if (token.get() === null) leave();
else start();
