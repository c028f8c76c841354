/** The controls of pre-trade and at-trade risk, by number, with where the product holds what is not a rule of the gate. Paths begin at the top of the repository. */
export interface Control {
  readonly title: string;
  /** What holds it besides rules; empty: rules alone do. */
  readonly places: readonly string[];
  /** What is judged, in one sentence: on which figures, and what happens beyond the limit. */
  readonly judged: string;
  /** What is left out on purpose, and why; or what is simply not there. Absent: nothing. */
  readonly not?: string;
}

export const CONTROLS: Readonly<Record<number, Control>> = {
  1: {
    title: "Price collar around the best bid and ask",
    places: [],
    judged:
      "Limit, stop, trigger and exit prices against the far side of a live two-sided quote, by class and spread, soft and hard; besides, how far our own fills of five minutes carried the price.",
    not: "No table of bands by instrument: an override of the policy by conid is the same.",
  },
  2: {
    title: "Fat finger: quantity",
    places: [],
    judged:
      "Units of all legs against a cap, size step and smallest size of the contract, and the share of the average daily volume.",
  },
  3: {
    title: "Fat finger: notional",
    places: [],
    judged:
      "Worst price x quantity x multiplier x rate against an amount and a share of the account's value; a notional that the proposer names must fit to the computed one, and the policy can ask for one.",
  },
  4: {
    title: "Order value over time",
    places: ["docs/auto-approval.md"],
    judged:
      "Notional sent in a rolling minute, hour and day and in the session, of agent, account and instrument, folded from the log; a standing policy has smaller sums of its own.",
  },
  5: {
    title: "Message rate",
    places: ["services/broker-gateway/src/session/rate-limiter.ts", "docs/agent-sessions.md"],
    judged:
      "Proposals and changes of agent and account in five windows, refused ones counted; at the socket a bucket with a lane of its own for cancels.",
    not: "The bucket is 40 messages a second and not 25: TWS takes 50, and cancels never wait for others.",
  },
  6: {
    title: "Order-to-trade ratio",
    places: [],
    judged: "Orders, changes and cancels for each execution of the session, soft and hard; counted from the log.",
  },
  7: {
    title: "Active orders of one contract and side",
    places: [],
    judged: "Orders at the broker or UNKNOWN on the side of each leg, exits of brackets each by itself.",
    not: "Orders that others entered are not counted here, only in exposure: who set them can take them back, not we.",
  },
  8: {
    title: "Repeated execution throttle",
    places: ["docs/auto-approval.md"],
    judged:
      "Approvals by a standing policy of the same agent, instrument and side in its window; the one that fills it turns the policy off until a person turns it on.",
    not: "Orders that a person countersigned do not count: the person is the re-enabling.",
  },
  9: {
    title: "Duplicate order",
    places: [],
    judged:
      "Twins of the same account, instrument, side and quantity at nearly the same price, open, UNKNOWN or young, whichever agent or session sent them: beyond one number a person names the rule, beyond another it is denied.",
    not: "The ticket has no field that names the twin: the approver's confirmation does, and an agent's word would be no evidence.",
  },
  10: {
    title: "Self-trade",
    places: [],
    judged:
      "What the order could trade with among our own orders of all accounts, those that wait for a trigger too, and the time since a fill the other way.",
    not: "Orders that others entered are not in our log and not looked at; the exchange's own prevention is theirs.",
  },
  11: {
    title: "Position of an instrument, a sector, a class",
    places: [],
    judged:
      "The worse end of position, everything working or UNKNOWN, foreign orders, and this order, in units, value and share of the account; a written option counts with what it may oblige to.",
  },
  12: {
    title: "Gross and net exposure, leverage",
    places: [],
    judged:
      "Sums of the worst end of every instrument, in the base currency; one rate or price that is missing denies.",
  },
  13: {
    title: "Credit and margin",
    places: [],
    judged:
      "The broker's own what-if, no older than its limit, with the margin of orders that it has not seen; besides our own reckoning of cash and buying power with all working purchases filled.",
  },
  14: {
    title: "Daily loss",
    places: ["services/risk-gate/src/watch/account-watch.ts", "docs/kill-switch.md"],
    judged:
      "Value against the start of the day, net of deposits: the watch turns standing policies off, then REDUCE_ONLY, then HALTED; the rule lets through only what reduces. Stale values are a stop of their own.",
  },
  15: {
    title: "Drawdown from the highest value",
    places: ["services/risk-gate/src/watch/account-watch.ts"],
    judged: "Value against the highest ever, durable and net of deposits; only a person's reset lowers it.",
    not: "No drawdown of one security or sector: their marks would have to follow every fill, and the loss of the day and the sizes bound them.",
  },
  16: {
    title: "Reduce only",
    places: [],
    judged:
      "The order with everything working and UNKNOWN on its side must leave the position on its side of zero; exits of a bracket never count as reducing.",
  },
  17: {
    title: "Dead man: nobody is there",
    places: ["docs/auto-approval.md", "docs/kill-switch.md"],
    judged:
      "Orders of a standing policy are DAY or GTD of at most 15 minutes; without an operator's page or command the policy goes off, later what it approved is cancelled.",
  },
  18: {
    title: "Restricted and permitted instruments",
    places: [],
    judged: "Contract id, type, currency and listing exchange against lists, denied ones first; never the symbol.",
    not: "No feed of corporate actions: TWS has none for orders. A halt is a flag of the quote and denies.",
  },
  19: {
    title: "Short sale",
    places: [],
    judged:
      "A sale beyond what is held and not yet being sold is denied, or where shorts are allowed needs shares to borrow, an account that may sell short, and a limit above the best bid; the accounts' rights stand in the policy.",
    not: "TWS tells neither a price restriction nor an account's rights: so the first is taken to be in force, and the second is configured and never assumed.",
  },
  20: {
    title: "Market hours",
    places: ["docs/market-data.md", "docs/auto-approval.md"],
    judged:
      "The contract's own trading and liquid hours in its zone, half days and holidays in them, first and last minutes, a window and weekends; hours that cannot be read deny.",
  },
  21: {
    title: "Stale, delayed or implausible data",
    places: [],
    judged:
      "Age, data type, halt, crossing, spread and distance of the last price of the quote, and the age of every other fact; an order without a bound on its price needs a live quote.",
    not: "The rule makes no difference between person and standing policy: the policy's document has its own, narrower limits.",
  },
  22: {
    title: "Order types and fields",
    places: ["docs/safety-rules.md", "services/broker-gateway/src/wire-fields.test.ts"],
    judged:
      "Lists of types, times in force and fields; terms are a strict schema, so a field of TWS that is not in it cannot be asked for, and a test holds every field of the wire message.",
  },
  23: {
    title: "The broker's own precautions as a second belt",
    places: ["docs/live.md", "contracts/src/ib-codes.ts"],
    judged:
      "What a precaution of TWS answers is a class of its own, told to person and agent, and never bypassed; that they are in force is tried by hand, on the ordinary way of an order.",
    not: "No order that breaks one is sent by itself at install: nothing leaves without a countersigned ticket, and an exception for a test would be a second way to the socket.",
  },
  24: {
    title: "Envelope of auto-approval",
    places: ["docs/auto-approval.md"],
    judged: "Every condition of a document that two persons signed; one that fails leaves the order to a person.",
  },
  25: {
    title: "Ageing of proposals and approvals",
    places: ["docs/approvals.md", "config/risk-gate.yaml", "config/approval.yaml"],
    judged: "A proposal waits ten minutes, an approval holds two from the first signature, both are used once.",
  },
  26: {
    title: "Kill switch",
    places: ["docs/kill-switch.md"],
    judged:
      "The strictest level of every scope at proposal, approval, gate and claim; unreadable or unconfirmed is HALTED.",
  },
  27: {
    title: "Reset of the kill switch",
    places: ["docs/kill-switch.md"],
    judged: "Cool-down, a complete clean reading of the broker, no UNKNOWN, and in live mode two persons.",
    not: "Simulator and paper ask for one person: nothing is at stake there, and the drill runs by itself.",
  },
  28: {
    title: "Two people for limits, policies, keys and purges",
    places: ["docs/risk-policy.md", "docs/approvals.md"],
    judged: "Anything looser, or that cannot be compared, takes signatures of two different persons of the roster.",
    not: "Root keys of the roster are not two-person by themselves: they lie offline, and each signing is in the file.",
  },
  29: {
    title: "Post-trade comparison",
    places: ["docs/broker-link.md"],
    judged: "Reconciliation reads open orders, completed orders and executions at each connect and every minute.",
    not: "No process of its own compares fills.",
  },
  30: {
    title: "Monitor in real time",
    places: ["services/risk-gate/src/watch/account-watch.ts", "docs/kill-switch.md"],
    judged: "Losses, absences and stale values are looked at every few seconds and stop by themselves.",
  },
  31: {
    title: "Surveillance report",
    places: [],
    judged: "Nothing: the log holds what such a report needs.",
    not: "There is no report of patterns.",
  },
  32: {
    title: "Deployment gate",
    places: ["docs/live.md"],
    judged: "Live trading asks for evidence from paper; an account's prefix must fit the mode.",
  },
  33: {
    title: "Stress",
    places: ["bench/main.ts"],
    judged: "The bench measures decisions and verdicts with a large book.",
    not: "Multiples of a recorded peak are not a test.",
  },
  34: {
    title: "Annual self-assessment",
    places: [],
    judged: "Nothing: limits, breaches and confirmations are in the audit.",
    not: "There is no generated report.",
  },
};
