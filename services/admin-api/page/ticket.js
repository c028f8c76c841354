import { changeLines } from "./change.js";
import { element, facts, foreign } from "./dom.js";
import { money, positionEffect, range, title } from "./format.js";
import { reductionLines } from "./reduce.js";
import { exitLines, lasting, legLines, nameOf, price } from "./terms.js";
import { timeline } from "./timeline.js";

/** The ticket in the order in which one decides: where, what, at what price, with which effect, why not, why. */
export function ticketView(view) {
  const happened = timeline(view);
  // What waits is read from its effect; what was decided, from what came of it.
  const first = view.state === "PENDING_APPROVAL" ? [] : happened;
  return element(
    "div",
    {},
    headline(view),
    changeLines(view),
    reductionLines(view),
    first,
    element("h2", {}, "Effect and cost"),
    effect(view),
    element("h2", {}, "Risk"),
    verdict(view),
    ...alternativeLines(view),
    element("h2", {}, "The agent says"),
    element(
      "div",
      { class: "untrusted" },
      element("b", {}, "Untrusted text. "),
      element("bdi", {}, linked(view.rationale)),
    ),
    first.length > 0 ? [] : happened,
    element("h2", {}, "Ticket"),
    hashes(view),
  );
}

/** The ids of proposals in a text lead to them: so an agent says which request its new proposal answers. */
function linked(text) {
  return text
    .split(/(\bprop_[a-z2-7]{26}\b)/)
    .map((part, index) => (index % 2 === 1 ? element("a", { href: `/proposals/${part}` }, part) : part));
}

function headline(view) {
  const { terms, ticket } = view;
  const instrument = ticket?.instrument;
  const legs = legLines(view);
  const name = instrument ? [foreign(instrument.longName ?? "combination"), " · "] : ["instrument not resolved"];
  const kind = instrument
    ? `${instrument.secType} · ${instrument.primaryExchange || instrument.exchange} · ${instrument.currency}`
    : "";
  const conid = legs.length > 0 ? "" : ` · conid ${terms.conid}`;
  return element(
    "div",
    { class: `band ${terms.side}` },
    element("div", {}, `${view.mode.toUpperCase()} · ${view.account} · agent ${view.agent}`),
    element(
      "div",
      { class: "headline", role: "heading", "aria-level": "1" },
      element("span", { class: terms.side }, title(view)),
    ),
    element("div", { id: "terms" }, `${price(view)} · ${lasting(view)}`),
    [...legs, ...exitLines(view)].map((line) => element("div", { class: "exit" }, line)),
    element("div", { class: "muted" }, name, `${kind}${conid} · multiplier ${instrument?.multiplier ?? "--"}`),
  );
}

/** What the order does to one position: of a combination to that of each leg. */
function positionLines({ terms, ticket }, estimate) {
  const line = (name, { positionBefore: before, positionAfter: after }) => [
    name,
    `${range(before, after) ?? "--"}  ${positionEffect(before, after) ?? ""}`,
  ];
  if (terms.legs === undefined) return [line("Position", estimate)];
  const names = terms.legs.map(({ conid }, index) => nameOf(ticket?.instrument.legs[index], conid));
  return (estimate.legs ?? []).map((leg, index) => line(`Position in ${names[index]}`, leg));
}

function effect(view) {
  const { simulation, verdict } = view;
  if (simulation === null) return element("p", { class: "missing" }, "not simulated");
  const { estimate, whatIf } = simulation;
  const ours =
    "missing" in estimate
      ? [["Our estimate", null, estimate.missing]]
      : [
          ...positionLines(view, estimate),
          ["Price used", money(estimate.price), `estimate${estimate.priceBasis ? `, ${estimate.priceBasis}` : ""}`],
          ["Notional", money(estimate.notional), "estimate"],
          ["Notional in base currency", money(estimate.notionalBase), "estimate"],
          ["Cash", range(money(estimate.cashBefore), money(estimate.cashAfter)), "estimate"],
          guess("Commission", estimate.commission, estimate.schedule),
          ...(estimate.fees ?? []).map((fee) => guess(`Fee: ${fee.text}`, fee.amount)),
          guess("Slippage", estimate.slippage),
          ...wholeEffect(estimate),
        ];
  const inCurrency = (text) => `${text} ${whatIf.currency}`;
  const theirs =
    "missing" in whatIf
      ? [["Broker's what-if", null, whatIf.missing]]
      : [
          ["Commission", money(whatIf.commission), "broker"],
          ["Initial margin change", inCurrency(whatIf.initialMarginChange), "broker"],
          ["Initial margin after", inCurrency(whatIf.initialMarginAfter), "broker"],
          ["Maintenance margin after", inCurrency(whatIf.maintenanceMarginAfter), "broker"],
          ["Equity with loan after", inCurrency(whatIf.equityWithLoanAfter), "broker"],
          ...(whatIf.warning ? [["Warning", whatIf.warning, "broker, untrusted"]] : []),
        ];
  return facts([...ours, ...theirs, ["Judged at", verdict?.judgedAt]]);
}

/** One amount of our own, or why there is none. */
function guess(name, amount, note) {
  if (amount === null || amount === undefined) return [name, null, "estimate"];
  if ("missing" in amount) return [name, null, amount.missing];
  return [name, money(amount), note ? `estimate, ${note}` : "estimate"];
}

/** What older estimates do not have. */
function wholeEffect({ costs, buyingPowerAfter, exposureAfter, grossAfter, worst, feesCheckedOn }) {
  if (costs === undefined) return [];
  const worstCase =
    worst === undefined
      ? []
      : [
          ["Worst case: position", worst.position, "estimate, everything working fills"],
          guess("Worst case: exposure", worst.exposure),
          guess("Worst case: cash", worst.cash),
        ];
  return [
    [
      "All costs",
      `${costs.complete ? "" : "at least "}${money(costs.known)}`,
      `estimate, fees checked on ${feesCheckedOn}`,
    ],
    guess("Buying power after", buyingPowerAfter),
    guess("Exposure in it after", exposureAfter),
    guess("All positions after", grossAfter),
    ...worstCase,
  ];
}

/** What would have passed instead of what was denied. */
function alternativeLines({ alternatives }) {
  if (alternatives === undefined) return [];
  const line = (name, one) =>
    "none" in one
      ? [name, null, one.none]
      : [name, one.value, one.subjectToWhatIf ? "by our own rules; the broker's what-if is not known for it" : ""];
  const { quantity, limitPrice } = alternatives;
  return [
    facts([
      line("Largest quantity that would pass", quantity),
      line("Nearest limit price that would pass", limitPrice),
    ]),
  ];
}

function verdict({ verdict }) {
  if (verdict === null) return element("p", { class: "missing" }, "not judged");
  const passed = verdict.rules.filter((rule) => rule.outcome === "pass").length;
  const asking = verdict.rules.filter((rule) => rule.outcome === "confirm").length;
  const rows = verdict.rules.map((rule) =>
    element(
      "tr",
      {},
      element("td", { class: rule.outcome }, rule.outcome),
      element("td", {}, rule.rule),
      element("td", {}, rule.value ?? "--"),
      element("td", {}, rule.limit ?? "--"),
      element("td", {}, rule.headroom ?? "--"),
      element("td", {}, rule.unit),
      element("td", {}, rule.code === null ? rule.message : `${rule.code}: ${rule.message}`),
    ),
  );
  const head = ["", "Rule", "Value", "Limit", "Headroom", "Unit", ""].map((name) => element("th", {}, name));
  return element(
    "div",
    { class: "scroll" },
    element("p", { class: verdict.outcome }, `${verdict.outcome.toUpperCase()} ${passed}/${verdict.rules.length}`),
    asking === 0 ? null : element("p", { class: "confirm" }, `${asking} soft limit${asking === 1 ? "" : "s"} exceeded`),
    element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)),
  );
}

function hashes(view) {
  const code = (text) => (text === null || text === undefined ? null : element("code", {}, text));
  return facts([
    ["Proposal", code(view.proposalId)],
    ["Ticket hash", code(view.ticketHash)],
    ["Policy hash", code(view.verdict?.policyHash)],
    ["Proposed at", view.createdAt],
    ["Expires at", view.expiresAt],
  ]);
}
