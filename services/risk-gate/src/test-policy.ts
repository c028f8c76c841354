import { OrderType, TimeInForce } from "@countersign/contracts/order";
import { RiskPolicy } from "./policy.ts";

const usd = (amount: string) => ({ amount, currency: "USD" });

/** Of any agent in the tests. */
export const PASSPORT = {
  ...{ accounts: ["DU1234567"], secTypes: ["STK", "OPT"], conids: null, orderTypes: OrderType.options, hours: null },
  budgets: { currency: "USD", orders: 100, notional: "50000", openRisk: "20000", loss: "1000" },
};

const permissions = (...secTypes: string[]) => secTypes.map((secType) => ({ account: "DU1234567", secType }));

/** Narrow limits for tests, one line for each rule that has any. */
const RULE_LIMITS: Readonly<Record<string, object>> = {
  permittedInstruments: { secTypes: ["STK"], currencies: ["USD"], exchanges: null, conidsOnly: null, conidsNever: [] },
  marketOpen: { extendedHours: false, minutesAfterOpen: 0, minutesBeforeClose: 0, window: null, weekend: false },
  priceCollar: {
    ...{ liquidPercent: "3", otherPercent: "10", optionPercent: "20" },
    ...{ liquidSpreadPercent: "0.5", softPercent: "1", awayPercent: "60" },
  },
  fillDrift: { percentMax: "3" },
  knownPrice: { ageMsMax: 5000, dataTypes: ["live"], spreadPercentMax: "2", lastPercentMax: "5" },
  stopDistance: { percentMin: "0.5", percentMax: "25", trailPercentMax: "20" },
  orderForm: {
    ...{ orderTypes: OrderType.options, timesInForce: TimeInForce.options, fieldsNever: [] },
    ...{ goodTillDaysMax: 30, outsideRth: false },
  },
  tradingSwitches: { forex: true, international: true, homeCurrencies: ["USD"], stopOrders: true },
  factAge: { instrument: 86_400, summary: 300, whatIf: 30, history: 43_200, others: 60 },
  maxStopOrders: { max: 25 },
  unitAgreement: { percentMax: "0.5", required: false },
  slippage: { hardBps: "500", softBps: "250" },
  accountPermissions: { trades: permissions("STK", "OPT"), shorts: permissions("STK", "OPT") },
  shortSalePrice: { secTypes: [] },
  shortSale: { secTypes: ["STK"], allowed: true, locate: false },
  maxOrderQuantity: { max: "100" },
  maxOrderNotional: { max: usd("10000"), netLiquidationPercentMax: "10" },
  knownBook: { ageMsMax: 60_000 },
  maxPosition: { units: "100", value: usd("50000") },
  concentration: { percentMax: "10" },
  sectorExposure: { industryPercentMax: "30", categoryPercentMax: "20" },
  assetClassExposure: { percentMax: { STK: "90", OPT: "10" } },
  grossExposure: { percentMax: "100" },
  netExposure: { longPercentMax: "80", shortPercentMax: "20" },
  maxPositions: { max: 50 },
  margin: {
    ...{ excessLiquidityMin: usd("1000"), excessLiquidityPercentMin: "25" },
    ...{ initialMarginPercentMax: "80", ageMsMax: 30_000 },
  },
  cash: { cashMin: usd("0"), buyingPowerMin: usd("0") },
  dailyLoss: { percentMax: "2" },
  weeklyLoss: { percentMax: "4" },
  drawdown: { percentMax: "5" },
  orderRate: {
    agent: { second: 2, minute: 10, fiveMinutes: 20, tenMinutes: 30, day: 100 },
    account: { second: 4, minute: 20, fiveMinutes: 40, tenMinutes: 60, day: 200 },
  },
  notionalOverTime: {
    agent: { minute: "10000", hour: "20000", day: "50000", currency: "USD" },
    account: { minute: "15000", hour: "30000", day: "60000", currency: "USD" },
    instrument: { minute: "12000", hour: "25000", day: "55000", currency: "USD" },
  },
  sessionLimits: {
    agent: { orders: 20, notional: "40000", currency: "USD" },
    account: { orders: 40, notional: "50000", currency: "USD" },
    instrument: { orders: 30, notional: "45000", currency: "USD" },
  },
  orderToTradeRatio: { fromMessages: 10, softRatio: "5", hardRatio: "15" },
  activeOrders: { max: 5 },
  duplicateOrder: { withinSeconds: 300, pricePercent: "1", softTwins: 0, hardTwins: 3 },
  selfTrade: { untriggered: true, coolDownSeconds: 60 },
  volatilitySize: { percentMax: "0.5", sessions: 20 },
  correlatedExposure: { percentMax: "30", thresholdPpm: 700_000, sessionsMin: 20 },
  valueAtRisk: { percentMax: "2", confidencePercent: "95", sessionsMin: 20 },
  minimumLiquidity: { averageVolumeMin: "100000", orderPercentMax: "1", sessionsMin: 5, classes: ["STK"] },
};

/** The test policy, with some limits of some rules changed. Parsed, so that no test judges by a limit that cannot be loaded. */
export function policyWith(changes: Readonly<Record<string, object>> = {}): RiskPolicy {
  const changed = Object.entries(changes).map(([rule, limits]) => [rule, { ...RULE_LIMITS[rule], ...limits }]);
  return RiskPolicy.parse({
    version: 1,
    accounts: ["DU1234567"],
    rateDataTypes: ["live"],
    pricing: { DU1234567: "fixed" },
    passports: { anyAgent: PASSPORT, agents: {} },
    rules: { ...RULE_LIMITS, ...Object.fromEntries(changed) },
    overrides: [],
  });
}
