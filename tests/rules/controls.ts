/** The controls of pre-trade and at-trade risk, by number, with where the product holds what is not a rule of the gate. Paths begin at the top of the repository. */
export interface Control {
  readonly title: string;
  /** What holds it besides rules; empty: rules alone do. */
  readonly places: readonly string[];
  /** What of it is not there. */
  readonly lacks?: string;
}

export const CONTROLS: Readonly<Record<number, Control>> = {
  1: { title: "Price collar around the best bid and ask", places: [] },
  2: { title: "Fat finger: quantity", places: [] },
  3: { title: "Fat finger: notional", places: [] },
  4: { title: "Order value over time", places: ["docs/auto-approval.md"] },
  5: { title: "Message rate", places: ["services/broker-gateway/src/session/rate-limiter.ts"] },
  6: { title: "Order-to-trade ratio", places: [] },
  7: { title: "Active orders of one contract and side", places: [] },
  8: { title: "Repeated execution throttle", places: ["docs/auto-approval.md"] },
  9: { title: "Duplicate order", places: [] },
  10: { title: "Self-trade", places: [] },
  11: { title: "Position of an instrument, a sector, a class", places: [] },
  12: { title: "Gross and net exposure, leverage", places: [] },
  13: { title: "Credit and margin", places: [] },
  14: { title: "Daily loss", places: ["services/risk-gate/src/watch/account-watch.ts"] },
  15: { title: "Drawdown from the highest value", places: ["services/risk-gate/src/watch/account-watch.ts"] },
  16: { title: "Reduce only", places: [] },
  17: { title: "Dead man: nobody is there", places: ["docs/auto-approval.md", "docs/kill-switch.md"] },
  18: { title: "Restricted and permitted instruments", places: [] },
  19: { title: "Short sale", places: [] },
  20: { title: "Market hours", places: ["docs/market-data.md"] },
  21: { title: "Stale, delayed or implausible data", places: [] },
  22: { title: "Order types and fields", places: ["docs/safety-rules.md"] },
  23: {
    title: "The broker's own precautions as a second belt",
    places: [],
    lacks: "no order that breaks a precaution of TWS is tried at install",
  },
  24: { title: "Envelope of auto-approval", places: ["docs/auto-approval.md"] },
  25: { title: "Ageing of proposals and approvals", places: ["docs/approvals.md", "config/risk-gate.yaml"] },
  26: { title: "Kill switch", places: ["docs/kill-switch.md"] },
  27: { title: "Reset of the kill switch", places: ["docs/kill-switch.md"] },
  28: { title: "Two people for limits, policies, keys and purges", places: ["docs/approvals.md"] },
  29: {
    title: "Post-trade comparison",
    places: ["docs/broker-link.md"],
    lacks: "no process of its own compares fills",
  },
  30: {
    title: "Monitor in real time",
    places: ["services/risk-gate/src/watch/account-watch.ts", "docs/kill-switch.md"],
  },
  31: { title: "Surveillance report", places: [], lacks: "there is no report of patterns" },
  32: { title: "Deployment gate", places: ["docs/live.md"] },
  33: { title: "Stress", places: ["bench/main.ts"], lacks: "multiples of a recorded peak are not a test" },
  34: { title: "Annual self-assessment", places: [], lacks: "there is no generated report" },
};

export const REFERENCE_RULES: Readonly<Record<string, string>> = {
  R1: "Notional of one order",
  R2: "Position as percent of the account",
  R3: "Sector exposure",
  R4: "Slippage",
  R5: "Trading hours",
  R6: "Minimum liquidity",
  R7: "Trades in a day",
  R8: "Daily loss",
  R9: "Size by volatility",
  R10: "Correlated exposure",
  R11: "Drawdown",
  R12: "Time of day",
};
