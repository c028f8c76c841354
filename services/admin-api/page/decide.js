import { call } from "./api.js";
import { closeView } from "./close.js";
import { confirmFields } from "./confirm.js";
import { isCurrent } from "./connection.js";
import { element, notice } from "./dom.js";
import { clock, title } from "./format.js";
import { approveWithPasskey } from "./passkey.js";
import { reduceView } from "./reduce.js";

/** What the agent reads: a code, and words that a person may change. */
const REASONS = {
  TOO_LARGE: "too large",
  BAD_PRICE: "bad price",
  WRONG_INSTRUMENT: "wrong instrument",
  BAD_TIMING: "not now",
  NOT_EXPLAINED: "not explained",
  CHANGES_REQUESTED: "please propose it differently: ",
};
/** So long a ticket must have been on the screen before it can be approved. */
const LOOK_MS = 1_000;
/** After this it is said that the answer is still awaited. */
const SLOW_MS = 2_000;

const CANCELLABLE = ["APPROVED", "WORKING", "PARTIAL", "UNKNOWN", "CANCEL_REQUESTED", "DISPUTED"];

/** The two ways out of a waiting proposal, and the cancel of a working one. `now` is what stands in the way, as it was read last. */
export function decisionView(view, { shownAt, now, reload }) {
  if ([view, ...(view.order?.legs ?? [])].some(({ state }) => CANCELLABLE.includes(state)))
    return cancelView(view, reload);
  if (view.state !== "PENDING_APPROVAL") return null;
  const approve = element(
    "button",
    { type: "button", id: "approve", class: view.terms.side },
    `Approve ${title(view)}`,
  );
  const { keys, passkey: hasPasskey, people } = view.approval;
  const confirm = confirmFields(view);
  const said = () => ({ ticketHash: view.ticketHash, ...(confirm.view !== null && { confirm: confirm.typed() }) });
  const bySession = () => decide(view, "approve", said());
  const byPasskey = () => approveWithPasskey(view, said());
  approve.addEventListener("click", () => act(approve, keys === "passkey" ? byPasskey : bySession, reload));
  const passkey = element(
    "button",
    { type: "button", id: "approve-passkey", class: view.terms.side },
    "Sign with a passkey",
  );
  passkey.addEventListener("click", () => act(passkey, byPasskey, reload));
  const left = element("span", { class: "countdown", id: "countdown" });
  const obstacle = element("span", { class: "missing", id: "obstacle", role: "status" });
  const offered = hasPasskey && keys === "session" ? [approve, passkey] : [approve];
  for (const button of offered) {
    button.dataset.ticks = "yes";
    tick(button, { left, obstacle }, { shownAt, now, confirm });
  }
  return element(
    "div",
    {},
    confirm.view,
    element(
      "div",
      { class: "actions" },
      offered,
      left,
      people === 2 ? element("span", { id: "people" }, peopleLine(view)) : null,
      obstacle,
    ),
    reduceView(view, (button, task) => act(button, task, reload)),
    rejectView(view, reload),
  );
}

/** Who has signed, where two must. */
function peopleLine({ decision }) {
  const signed =
    decision?.event === "countersigned" ? ` ${decision.actor.id} has signed; that counts until ${decision.until}.` : "";
  return `Two people must sign.${signed}`;
}

/** Counts down by the server's time, and opens the button only while an approval can be accepted. */
function tick(approve, says, { shownAt, now, confirm }) {
  const { expiresInMs, obstacle } = now.approval;
  const seconds = (expiresInMs - (performance.now() - now.readAt)) / 1_000;
  says.left.textContent = seconds > 0 ? `${clock(seconds)} left` : "expired";
  if (says.obstacle.textContent !== (obstacle ?? "")) says.obstacle.textContent = obstacle ?? "";
  const looked = performance.now() - shownAt >= LOOK_MS;
  const shut = approve.dataset.busy === "yes" || seconds <= 0 || obstacle !== null || !isCurrent();
  approve.disabled = shut || !looked || !confirm.complete();
  // Ends when the button has left the page.
  setTimeout(() => approve.isConnected && tick(approve, says, { shownAt, now, confirm }), 200);
}

function rejectView(view, reload) {
  const reason = element("input", {
    id: "reject-reason",
    placeholder: "Reason, the agent reads it",
    "aria-label": "Reason",
    maxlength: "500",
  });
  let code = "OTHER";
  const chips = Object.entries(REASONS).map(([chosen, text]) =>
    element(
      "button",
      {
        type: "button",
        onclick: () => {
          reason.value = text;
          code = chosen;
        },
      },
      text,
    ),
  );
  const reject = element("button", { type: "button", id: "reject" }, "Reject this proposal");
  reject.addEventListener("click", () => {
    if (reason.value.trim() === "") return notice("A reason is needed to reject.");
    return act(reject, () => decide(view, "reject", { reason: reason.value.trim(), code }), reload);
  });
  return element("div", { class: "actions" }, reject, reason, chips);
}

function cancelView(view, reload) {
  const cancel = element("button", { type: "button", id: "cancel" }, `Cancel ${title(view)}`);
  const reason = { reason: "cancelled on the approval page" };
  cancel.addEventListener("click", () =>
    act(cancel, () => call("POST", `/api/v1/orders/${view.proposalId}/cancel`, reason), reload),
  );
  const close = closeView(view, (button, path, body) => act(button, () => call("POST", path, body), reload));
  return element("div", { class: "decision" }, element("div", { class: "actions" }, cancel), close);
}

const decide = (view, verb, body) => call("POST", `/api/v1/proposals/${view.proposalId}/${verb}`, body);

/**
 * One click, one request: the button stays shut until the answer is there and the page shows what came of it. One that is
 * still on the page then, because it failed, can be used again.
 */
async function act(button, task, reload) {
  button.disabled = true;
  button.dataset.busy = "yes";
  const waiting = setTimeout(() => notice("The answer is not there yet…"), SLOW_MS);
  try {
    await task();
    notice("");
  } catch (error) {
    notice(error.message);
  }
  clearTimeout(waiting);
  await reload();
  button.dataset.busy = "";
  if (button.dataset.ticks !== "yes") button.disabled = false;
}
