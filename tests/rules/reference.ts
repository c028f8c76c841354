/** A rule or a setting that a system like this one is known to have. */
export interface Reference {
  readonly title: string;
  readonly judged: string;
  /** What is left out on purpose, and why. Absent: nothing. */
  readonly not?: string;
}

export const REFERENCE_RULES: Readonly<Record<string, Reference>> = {
  R1: {
    title: "Notional of one order",
    judged: "At the worst price, with multiplier and rate, never the caller's price.",
  },
  R2: {
    title: "Position as percent of the account",
    judged: "The resulting position, long or short, with all that works, by contract id.",
  },
  R3: {
    title: "Sector exposure",
    judged: "By the contract's own industry and category; what has neither stands in a group with its like.",
  },
  R4: { title: "Slippage", judged: "What the far side of the market costs against the middle, before the send." },
  R5: { title: "Trading hours", judged: "The contract's own hours, zones and holidays, never a fixed time in UTC." },
  R6: { title: "Minimum liquidity", judged: "Mean volume of twenty finished sessions, and the order's share of it." },
  R7: {
    title: "Trades in a day",
    judged: "Orders and messages of agent, account and instrument, counted from the log.",
  },
  R8: { title: "Daily loss", judged: "Realised or not, from the account's own value, net of deposits." },
  R9: {
    title: "Size by volatility",
    judged: "Exposure x deviation of the instrument's own daily returns; without enough of them it denies.",
    not: "No smallest order and no beta in place of a history: a small order is no risk, and a guess is no fact.",
  },
  R10: {
    title: "Correlated exposure",
    judged: "All that moves with the instrument, either way, over the sessions that all have in common.",
  },
  R11: { title: "Drawdown", judged: "Highest value durable and net of deposits." },
  R12: { title: "Time of day", judged: "First and last minutes of the liquid hours, in the exchange's zone." },
};

/** Safety settings of comparable systems: checks of orders (C2, C3), numbers (G), configuration (I). */
export interface Setting extends Reference {
  readonly source: "C1" | "C2" | "C3" | "G" | "I";
  /** Rules of the gate that hold it. */
  readonly rules: readonly string[];
  /** What holds it besides; paths begin at the top of the repository. */
  readonly places: readonly string[];
}

const EDGE = "config/mcp-edge.yaml";

export const SETTINGS: readonly Setting[] = [
  {
    ...{ source: "C1", title: "Decision and defaults", rules: [], places: ["services/risk-gate/src/judge.ts"] },
    judged: "All rules run; a policy that does not parse, or a key that is missing or unknown, means no start.",
  },
  {
    ...{ source: "C2", title: "Trading switched on, by kind", rules: ["tradingSwitches", "orderForm"], places: [] },
    judged: "Forex, foreign currencies and stops have switches; brackets and other parts can be forbidden.",
  },
  {
    ...{ source: "C2", title: "Size and value of market, limit, stop and bracket orders alike", places: [] },
    rules: ["maxOrderQuantity", "maxOrderNotional", "priceSides"],
    judged: "Every type goes through the same rules, with exits on the right side of the entry.",
  },
  {
    ...{ source: "C2", title: "Changes of orders", rules: [], places: ["docs/decisions/0018-changes-of-orders.md"] },
    judged: "A change is a proposal: all rules, a new ticket, a new approval.",
  },
  {
    ...{ source: "C2", title: "Cancels", rules: [], places: ["docs/kill-switch.md"] },
    judged: "Need no switch, limit or rate, and pass at every kill level.",
  },
  {
    ...{ source: "C2", title: "Prefix of the account", rules: ["paperAccount", "accountAllowlist"], places: [] },
    judged: "The prefix must fit the mode, and the account stand on the list and with the broker.",
  },
  {
    ...{ source: "C2", title: "Stop distance, trail, number of stops", places: [] },
    rules: ["stopDistance", "maxStopOrders"],
    judged: "Distance from the market both ways, trail in per cent, and stops open for the account.",
  },
  {
    ...{ source: "C3", title: "Permitted types, symbols, fractions", places: [] },
    rules: ["permittedInstruments", "quantityStep", "accountPermissions"],
    judged: "By contract id and type; a fraction passes only where the contract's size step is one.",
  },
  {
    ...{ source: "C3", title: "Frequency and session", rules: ["orderRate", "sessionLimits"], places: [] },
    judged: "Windows that roll and sessions that a restart does not begin anew; five minutes are one of the windows.",
  },
  {
    ...{
      source: "C3",
      title: "Price deviation and age of the quote",
      rules: ["priceCollar", "knownPrice"],
      places: [],
    },
    judged: "Per cent through the far side and not of the middle; age in milliseconds.",
  },
  {
    ...{ source: "C3", title: "Gates of live trading", rules: [], places: ["docs/live.md"] },
    judged: "Each gate is looked at for each order, with its evidence.",
  },
  {
    ...{ source: "G", title: "Rates of tools and sessions", rules: [], places: [EDGE, "docs/agent-sessions.md"] },
    judged: "By tool, agent and all together, durable over restarts; cancels are exempt.",
  },
  {
    ...{ source: "G", title: "Breaker after many refusals", rules: ["orderRate"], places: [] },
    judged: "Refused proposals count like others and use up the agent's windows of seconds to a day.",
    not: "No count of refusals in a row: an agent would clear it with one harmless order.",
  },
  {
    ...{ source: "G", title: "Breaker and back-off of the link", rules: [], places: ["config/broker-gateway.yaml"] },
    judged: "Connecting backs off; nothing is sent before a complete reading of the broker.",
  },
  {
    ...{ source: "G", title: "Lifetimes", rules: [], places: ["docs/approvals.md"] },
    judged: "Proposal 600 s, approval 120 s, each bounded in code.",
  },
  {
    ...{ source: "I", title: "Value at risk of the portfolio", rules: ["valueAtRisk"], places: ["docs/exposure.md"] },
    judged: "Historical, one day, written options by their underlying, bought ones by what they cost.",
  },
  {
    ...{
      source: "I",
      title: "Position in per cent of the account",
      rules: ["concentration", "maxPosition"],
      places: [],
    },
    judged: "The resulting one, with all that works.",
  },
  {
    ...{ source: "I", title: "Trading hours only, weekends", rules: ["marketOpen", "agentPassport"], places: [] },
    judged: "By the contract's hours; an agent's passport may have narrower ones.",
  },
  {
    ...{ source: "I", title: "Longest session", rules: [], places: [EDGE, "docs/agent-sessions.md"] },
    judged: "Hours after the first call of a date, then the next date or a person.",
  },
  {
    ...{ source: "I", title: "Cancel when nobody is there", rules: [], places: ["docs/kill-switch.md"] },
    judged: "By the absence of an operator and not of the socket: orders at TWS outlive it either way.",
  },
  {
    ...{ source: "I", title: "Confirmation of orders", rules: [], places: ["docs/approvals.md"] },
    judged: "Every order is countersigned; soft limits are named one by one.",
  },
  {
    ...{
      source: "I",
      title: "Read only, live flag twice, kill switch at start",
      rules: ["killSwitch"],
      places: ["docs/live.md"],
    },
    judged: "Two switches for live; a kill switch that was never set is HALTED.",
  },
  {
    ...{ source: "I", title: "Currency of limits", rules: ["maxOrderNotional"], places: [] },
    judged: "Each amount names its currency, and one that is not the account's denies.",
  },
];
