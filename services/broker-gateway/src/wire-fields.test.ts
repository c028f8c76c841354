import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { parseRecording } from "@countersign/wire-record/recording";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AAPL, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

/**
 * What leaves the gateway is the ticket and nothing else. Every field of every frame is held against its name: what the
 * ticket does not say must have the value with which TWS does nothing, so an override, an algorithm, a hidden size, another
 * account's group or a staged order cannot ride along.
 */
let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ record: "wire.jsonl" });
  await world.price("200");
});
afterAll(() => world?.close());

/** Fields of placeOrder at 193, in their order; a combination has those of its legs after `hidden`. */
const BEFORE_LEGS = [
  ...["message", "orderId", "conId", "symbol", "secType", "expiry", "strike", "right", "multiplier", "exchange"],
  ...["primaryExchange", "currency", "localSymbol", "tradingClass", "secIdType", "secId", "action", "quantity"],
  ...["orderType", "limitPrice", "auxPrice", "timeInForce", "ocaGroup", "account", "openClose", "origin", "orderRef"],
  ...["transmit", "parentId", "blockOrder", "sweepToFill", "displaySize", "triggerMethod", "outsideRth", "hidden"],
];
const AFTER_LEGS = [
  ...["sharesAllocation", "discretionaryAmount", "goodAfterTime", "goodTillDate", "faGroup", "faMethod"],
  ...["faPercentage", "modelCode", "shortSaleSlot", "designatedLocation", "exemptCode", "ocaType", "rule80A"],
  ...["settlingFirm", "allOrNone", "minQuantity", "percentOffset", "eTradeOnly", "firmQuoteOnly", "nbboPriceCap"],
  ...["auctionStrategy", "startingPrice", "stockRefPrice", "delta", "stockRangeLower", "stockRangeUpper"],
  ...["overridePercentageConstraints", "volatility", "volatilityType", "deltaNeutralOrderType"],
  ...["deltaNeutralAuxPrice", "continuousUpdate", "referencePriceType", "trailStopPrice", "trailingPercent"],
  ...["scaleInit", "scaleSubs", "scalePriceIncrement", "scaleTable", "activeStart", "activeStop", "hedgeType"],
  ...["optOutSmart", "clearingAccount", "clearingIntent", "notHeld", "deltaNeutral", "algoStrategy", "algoId"],
  ...["whatIf", "miscOptions", "solicited", "randomizeSize", "randomizePrice", "conditions", "adjustedOrderType"],
  ...["triggerPrice", "limitPriceOffset", "adjustedStopPrice", "adjustedStopLimitPrice", "adjustedTrailingAmount"],
  ...["adjustableTrailingUnit", "extOperator", "softDollarName", "softDollarValue", "cashQuantity"],
  ...["mifidDecisionMaker", "mifidDecisionAlgo", "mifidExecutionTrader", "mifidExecutionAlgo"],
  ...["dontUseAutoPriceForHedge", "isOmsContainer", "discretionaryUpToLimitPrice", "usePriceManagementAlgo"],
  ...["duration", "postToAts", "autoCancelParent", "advancedErrorOverride", "manualOrderTime", "customerAccount"],
  ...["professionalCustomer", "includeOvernight", "manualOrderIndicator"],
];
const LEG = ["conId", "ratio", "action", "exchange", "openClose", "shortSaleSlot", "designatedLocation", "exemptCode"];
const legFields = (count: number) => [
  "legs",
  ...Array.from({ length: count }, (_, at) => LEG.map((name) => `leg${at + 1}.${name}`)).flat(),
  ...["legPrices", "routingParameters", "routingTag", "routingValue"],
];

/** What TWS does nothing with; every other field is empty. The account is replaced in a recording. */
const NOTHING: Record<string, string> = { outsideRth: "0", deltaNeutral: "0", whatIf: "0", conditions: "0" };
const PLAIN: Record<string, string> = {
  ...{ message: "3", conId: String(AAPL), exchange: "SMART", action: "BUY", quantity: "10", orderType: "MKT" },
  ...{ timeInForce: "DAY", account: "DU0000001", transmit: "1" },
};
/** A combination ends its frame with more empty fields, which are checked with the rest. */
const emptied = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, NOTHING[name] ?? ""]));

function sentFrames(): string[][] {
  const text = readFileSync(join(world.folder.path, "broker-gateway", "wire.jsonl"), "utf8");
  const records = parseRecording(text.slice(0, text.lastIndexOf("\n") + 1));
  return records.flatMap((one) =>
    "tokens" in one && one.from === "client" && one.tokens[0] === "3" ? [one.tokens] : [],
  );
}

function named(tokens: readonly string[], legs = 0): Record<string, string> {
  const names = [...BEFORE_LEGS, ...(legs > 0 ? legFields(legs) : []), ...AFTER_LEGS];
  expect(tokens).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, at) => [name, tokens[at] ?? ""]));
}

type Intent = Extract<ExecFact, { type: "intent/1" }>;

/** Sends it through the whole gateway; the new frames, and what the log says was meant. */
async function send(terms: object, count = 1): Promise<{ frames: string[][]; intent: Intent }> {
  const before = sentFrames().length;
  const { approval, proposal } = await world.approved({ terms });
  expect(await world.submit(approval)).toBe("sent");
  const all = await eventually(() => (sentFrames().length >= before + count ? sentFrames() : undefined));
  const intent = (await world.execLog(proposal)).find((fact): fact is Intent => fact.type === "intent/1");
  if (intent === undefined) throw new Error("no intent");
  return { frames: all.slice(before), intent };
}

const [amount, percent] = [
  { by: "amount", amount: "1.50" },
  { by: "percent", percent: "2.25" },
];
/** Far from the market where they can be, so that none of them fills: the terms, and all that they say on the wire. */
const TYPES: [name: string, terms: object, said: Record<string, string>][] = [
  ["MKT", {}, {}],
  ["LMT", { orderType: "LMT", limitPrice: "150.50" }, { orderType: "LMT", limitPrice: "150.5" }],
  ["SELL", { side: "SELL", quantity: "7" }, { action: "SELL", quantity: "7" }],
  ["STP", { orderType: "STP", stopPrice: "301" }, { orderType: "STP", auxPrice: "301" }],
  [
    "STP LMT",
    { orderType: "STP LMT", stopPrice: "301", limitPrice: "302" },
    { orderType: "STP LMT", auxPrice: "301", limitPrice: "302" },
  ],
  ["MIT", { orderType: "MIT", triggerPrice: "90" }, { orderType: "MIT", auxPrice: "90" }],
  [
    "LIT",
    { orderType: "LIT", triggerPrice: "90", limitPrice: "90.1" },
    { orderType: "LIT", auxPrice: "90", limitPrice: "90.1" },
  ],
  ["TRAIL by amount", { orderType: "TRAIL", trail: amount }, { orderType: "TRAIL", auxPrice: "1.5" }],
  [
    "TRAIL by percent",
    { orderType: "TRAIL", trail: percent, stopPrice: "301" },
    { orderType: "TRAIL", trailingPercent: "2.25", trailStopPrice: "301" },
  ],
  [
    "TRAIL LIMIT",
    { orderType: "TRAIL LIMIT", trail: amount, stopPrice: "301", limitOffset: "0.05" },
    { orderType: "TRAIL LIMIT", auxPrice: "1.5", trailStopPrice: "301", limitPriceOffset: "0.05" },
  ],
  ["MOC", { orderType: "MOC" }, { orderType: "MOC" }],
  ["LOC", { orderType: "LOC", limitPrice: "150" }, { orderType: "LOC", limitPrice: "150" }],
  ["MOO", { orderType: "MOO", timeInForce: "OPG" }, { orderType: "MKT", timeInForce: "OPG" }],
  [
    "LOO",
    { orderType: "LOO", timeInForce: "OPG", limitPrice: "150" },
    { orderType: "LMT", timeInForce: "OPG", limitPrice: "150" },
  ],
  ["MIDPRICE", { orderType: "MIDPRICE", limitPrice: "150" }, { orderType: "MIDPRICE", limitPrice: "150" }],
  [
    "REL",
    { orderType: "REL", offset: "0.02", limitPrice: "150" },
    { orderType: "REL", auxPrice: "0.02", limitPrice: "150" },
  ],
  ["IOC", { timeInForce: "IOC" }, { timeInForce: "IOC" }],
  ["FOK", { timeInForce: "FOK" }, { timeInForce: "FOK" }],
  [
    "GTC, also outside regular hours",
    { orderType: "LMT", limitPrice: "150", timeInForce: "GTC", outsideRth: true },
    { orderType: "LMT", limitPrice: "150", timeInForce: "GTC", outsideRth: "1" },
  ],
];

describe("every field of what the gateway sends, by the record of its own wire", () => {
  test.each(TYPES)("%s says its ticket and nothing else", async (_, terms, said) => {
    const { frames, intent } = await send(terms);
    expect(frames).toHaveLength(1);
    const { orderId, orderRef } = intent;
    expect(named(frames[0] ?? [])).toEqual({
      ...emptied([...BEFORE_LEGS, ...AFTER_LEGS]),
      ...{ ...PLAIN, orderId: String(orderId), orderRef, ...said },
    });
  });

  test("GTD says its end", async () => {
    const goodTill = new Date(Date.now() + 3_600_000).toISOString();
    const { frames } = await send({ orderType: "LMT", limitPrice: "150", timeInForce: "GTD", goodTill });
    const [date = "", time = ""] = goodTill.slice(0, 19).split("T");
    const { goodTillDate, timeInForce } = named(frames[0] ?? []);
    expect({ goodTillDate, timeInForce }).toEqual({
      goodTillDate: `${date.replaceAll("-", "")}-${time}`,
      timeInForce: "GTD",
    });
  });

  test("a bracket says its entry and its exits, and only the last one transmits", async () => {
    const exits = { takeProfit: { limitPrice: "260" }, stopLoss: { stopPrice: "140" }, timeInForce: "GTC" };
    const { frames, intent } = await send({ orderType: "LMT", limitPrice: "150", exits }, 3);
    const nothing = { ...emptied([...BEFORE_LEGS, ...AFTER_LEGS]), ...PLAIN };
    const ofLeg = (name: string) => intent.legs?.find(({ leg }) => leg === name);
    const exit = { action: "SELL", timeInForce: "GTC", parentId: String(intent.orderId), ocaType: "2" };
    const [entry, profit, stop] = frames.map((tokens) => named(tokens));
    const { orderId, orderRef } = intent;
    const head = { orderId: String(orderId), orderRef };
    const group = { ocaGroup: profit?.ocaGroup ?? "" };
    const of = (name: string) => ({ orderId: String(ofLeg(name)?.orderId), orderRef: ofLeg(name)?.orderRef });
    expect(entry).toEqual({ ...nothing, ...head, transmit: "0", orderType: "LMT", limitPrice: "150" });
    const tp = { ...exit, ...group, ...of("takeProfit"), transmit: "0", orderType: "LMT", limitPrice: "260" };
    expect(profit).toEqual({ ...nothing, ...tp });
    expect(stop).toEqual({ ...nothing, ...exit, ...group, ...of("stopLoss"), orderType: "STP", auxPrice: "140" });
    expect(group.ocaGroup).not.toBe("");
  });

  test("a combination says its legs, all or none", async () => {
    const legs = [
      { conid: AAPL, side: "BUY", ratio: 1 },
      { conid: 272093, side: "SELL", ratio: 2 },
    ];
    const { frames, intent } = await send({ legs, orderType: "LMT", limitPrice: "-0.50" });
    const leg = (at: number, conId: number, ratio: string, action: string) => {
      const retail = { openClose: "0", shortSaleSlot: "0", designatedLocation: "", exemptCode: "-1" };
      const fields = Object.entries({ conId: String(conId), ratio, action, exchange: "SMART", ...retail });
      return Object.fromEntries(fields.map(([name, text]) => [`leg${at}.${name}`, text]));
    };
    const { conId: _, ...plain } = PLAIN;
    expect(named(frames[0] ?? [], 2)).toEqual({
      ...emptied([...BEFORE_LEGS, ...legFields(2), ...AFTER_LEGS]),
      ...{ ...plain, conId: "0", symbol: "AAPL", secType: "BAG", currency: "USD" },
      ...{ orderId: String(intent.orderId), orderRef: intent.orderRef, orderType: "LMT", limitPrice: "-0.5" },
      ...{ legs: "2", ...leg(1, AAPL, "1", "BUY"), ...leg(2, 272093, "2", "SELL") },
      ...{ legPrices: "0", routingParameters: "1", routingTag: "NonGuaranteed", routingValue: "0" },
    });
  });

  test("a question about margin is the order with one field more, under a number that no order has", async () => {
    const before = sentFrames().length;
    const { terms } = world.ticket({ orderType: "LMT", limitPrice: "150" });
    const reply = await world.risk.request(RPCS.brokerFacts, {
      terms,
      ask: { whatIf: true, openOrders: false, positionsHeld: null },
    });
    expect(reply).toMatchObject({ outcome: "ok", value: { whatIf: { outcome: "ok" } } });
    const frame = named(sentFrames()[before] ?? []);
    expect(frame).toEqual({
      ...emptied([...BEFORE_LEGS, ...AFTER_LEGS]),
      ...{
        ...PLAIN,
        orderId: frame.orderId,
        orderRef: frame.orderRef,
        orderType: "LMT",
        limitPrice: "150",
        whatIf: "1",
      },
    });
    expect(sentFrames().filter((tokens) => tokens[1] === frame.orderId)).toHaveLength(1);
  });
});
