import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import { AccountSummary } from "@countersign/contracts/account";
import { AccountMarks } from "@countersign/contracts/control";
import { Instrument } from "@countersign/contracts/instrument";
import { MarketSession } from "@countersign/contracts/market-session";
import { Shortable } from "@countersign/contracts/messages/order-facts.v1";
import { OrderTerms } from "@countersign/contracts/order";
import { BrokerWhatIf } from "@countersign/contracts/verdict";
import { quoteWith } from "@countersign/testing/quote";
import type { Pricing } from "./costs/bill.ts";
import { FeeTable } from "./costs/fee-table.ts";
import { type Facts, known } from "./facts/fact.ts";
import type { History } from "./facts/history/history.ts";
import { policyWith } from "./test-policy.ts";
import { countersWith, siblingsWith } from "./testing/test-counts.ts";

/** Facts for tests, each parsed by the schema under which it arrives in production. */
export const AT = "2026-11-23T15:00:00.000Z";
const usd = (amount: string) => ({ amount, currency: "USD" });

export const TERMS = OrderTerms.parse({
  account: "DU1234567",
  conid: 265598,
  side: "BUY",
  quantity: "10",
  orderType: "LMT",
  limitPrice: "230",
  timeInForce: "DAY",
});

export const POLICY = policyWith();

/** The fees as they are shipped, for an account on the fixed plan. */
export const PRICING: Pricing = {
  table: loadConfig({ schema: FeeTable, file: join(import.meta.dirname, "../../../config/fees.yaml") }).config,
  plan: "fixed",
};

export const IN_FORCE = { policy: POLICY, hash: "a".repeat(64) };

const INSTRUMENT = Instrument.parse({
  conid: 265598,
  symbol: "AAPL",
  secType: "STK",
  exchange: "SMART",
  primaryExchange: "NASDAQ",
  currency: "USD",
  localSymbol: "AAPL",
  tradingClass: "NMS",
  multiplier: "1",
  lastTradeDate: "",
  strike: null,
  right: null,
  longName: "APPLE INC",
  minTick: "0.01",
  minSize: "1",
  sizeIncrement: "1",
  orderTypes: ["LMT", "MKT", "STP", "STPLMT", "TRAIL", "TRAILLMT", "MIT", "LIT", "MOC", "LOC", "OPG", "MIDPX", "REL"],
  validExchanges: ["SMART"],
  industry: "Technology",
  category: "Computers",
  timeZoneId: "US/Eastern",
  tradingHours: "20261123:0400-20261123:2000",
  liquidHours: "20261123:0930-20261123:1600",
});

const PRICES = {
  ...{ conid: 265598, currency: "USD", asOf: "2026-11-23T14:59:59.500Z", ageMs: 500 },
  ...{ bid: "229.98", ask: "230.02", last: "230", close: "229", bidSize: "100", askSize: "100", volume: "1000000" },
};
const QUOTE = quoteWith(PRICES);

const SESSION = MarketSession.parse({
  conid: 265598,
  state: "open",
  session: "liquid",
  nextOpen: null,
  nextClose: "2026-11-23T21:00:00.000Z",
  nextLiquidOpen: null,
  nextLiquidClose: "2026-11-23T21:00:00.000Z",
  liquidSince: "2026-11-23T14:30:00.000Z",
  tradeDate: "2026-11-23",
  today: { date: "2026-11-23", kind: "regular" },
  days: ["2026-11-23"],
  coveredUntil: "2026-11-24T05:00:00.000Z",
  source: "contract",
  timeZoneId: "US/Eastern",
  asOf: AT,
  reason: "within the contract's trading hours",
});

const SHORTABLE = Shortable.parse({
  ...{ conid: 265598, level: "3", shares: "5000", dataType: "live", source: "tws", asOf: AT, ageMs: 100 },
});

const SUMMARY = AccountSummary.parse({
  account: "DU1234567",
  baseCurrency: "USD",
  netLiquidation: usd("100000"),
  totalCash: usd("100000"),
  availableFunds: usd("100000"),
  buyingPower: usd("400000"),
  excessLiquidity: usd("100000"),
  initialMargin: usd("0"),
  maintenanceMargin: usd("0"),
  grossPositionValue: usd("0"),
  cashByCurrency: [usd("100000")],
  source: "tws",
  asOf: AT,
});

const WHAT_IF = BrokerWhatIf.parse({
  source: "broker",
  asOf: AT,
  currency: "USD",
  initialMarginChange: "690",
  initialMarginAfter: "690",
  maintenanceMarginChange: "575",
  maintenanceMarginAfter: "575",
  equityWithLoanAfter: "99999",
  commission: usd("1"),
  commissionMin: null,
  commissionMax: null,
  warning: null,
});

/** Forty sessions, one up and one down by 1 %, of an account that holds nothing. */
const SESSIONS = Array.from({ length: 40 }, (_, index) => `2026-10-${String(index).padStart(2, "0")}`);
const RETURNS = SESSIONS.map((_, index) => (index % 2 === 0 ? 10_000 : -10_000));
const HISTORY: History = {
  dates: SESSIONS,
  parts: [{ conid: 265598, returns: RETURNS, own: RETURNS, averageVolume: "1000000", volumeSessions: 20 }],
  profits: { held: SESSIONS.map(() => 0), long: SESSIONS.map(() => 0), short: SESSIONS.map(() => 0) },
  correlated: [],
};

const MARKS = AccountMarks.parse({
  ...{ type: "account-marks/1", currency: "USD", session: "2026-11-23", rebasedAfter: 0, at: AT },
  ...{ dayStart: "100000", highWaterMark: "100000", week: { monday: "2026-11-23", start: "100000" } },
});

export const FACTS: Facts = {
  mode: "simulator",
  agent: "agent-1",
  at: AT,
  accounts: known(["DU1234567"], "broker", AT),
  instrument: known(INSTRUMENT, "tws", AT),
  quote: known(QUOTE, "tws", QUOTE.asOf),
  session: known(SESSION, "market-data", AT),
  shortable: known(SHORTABLE, "tws", AT),
  summary: known(SUMMARY, "tws", AT),
  positions: known([], "tws", AT),
  openOrders: known([], "broker", AT),
  ownOrders: known([], "orders", AT),
  book: known({ baseCurrency: "USD", holdings: [] }, "broker", AT),
  working: known([], "orders and broker", AT),
  history: known(HISTORY, "market-data", AT),
  loss: known(MARKS, "control", AT),
  agentUse: known({ session: "2026-11-23", openRisk: "1000", realised: [usd("-100")] }, "orders", AT),
  rate: known("1", "identity", AT),
  whatIf: known(WHAT_IF, "broker", AT),
  counters: countersWith(),
  siblings: siblingsWith(),
  openStops: known(0, "orders", AT),
  kill: known({ level: "ACTIVE", reason: "active" }, "control", AT),
};

/** The facts with bare numbers of the quote changed. */
export function withQuote(changes: Partial<Parameters<typeof quoteWith>[0]>): Facts {
  const quote = quoteWith({ ...PRICES, ...changes });
  return { ...FACTS, quote: known(quote, "tws", quote.asOf) };
}

/** The facts with one of them changed in some of its fields. */
export function withFact<
  K extends Exclude<keyof Facts, "mode" | "at" | "agent" | "proposalId" | "legs" | "replaces" | "claim">,
>(name: K, changes: object): Facts {
  const fact = FACTS[name];
  if (fact === undefined || fact.state === "missing") throw new TypeError(name);
  return { ...FACTS, [name]: { ...fact, value: { ...(fact.value as object), ...changes } } };
}
