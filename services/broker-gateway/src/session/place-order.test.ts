import { createServer, type Socket } from "node:net";
import type { OrderTerms } from "@countersign/contracts/order";
import { covers } from "@countersign/testing/covers";
import { listen } from "@countersign/testing/listen";
import { afterEach, describe, expect, test } from "vitest";
import { termsWith } from "../fold/test-order.ts";
import { eventually } from "../testing/eventually.ts";
import { IbConnection } from "./ib-connection.ts";
import { exitTermsOf, wireTermsOf } from "./order-terms.ts";
import type { OrderGroup, OrderToSend } from "./wire.ts";

const frame = (...tokens: string[]) => {
  const body = Buffer.from(`${tokens.join("\0")}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

/** A peer that takes orders and remembers their frames as they came. */
async function peer(version: string): Promise<{ connection: IbConnection; frames: () => string[][] }> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("data", () => {
      socket.write(frame(version, "20261120 09:30:00 EST"));
      socket.on("data", (data) => received.push(data));
      socket.write(Buffer.concat([frame("15", "1", "DU1234567"), frame("9", "1", "7")]));
    });
  });
  const port = await listen(server);
  const handlers = { onEvent: () => undefined, onFault: () => undefined, onEnd: () => undefined };
  const connection = new IbConnection({ host: "127.0.0.1", port, readOnly: undefined }, handlers);
  connection.open(17);
  stop = async () => {
    connection.end("test");
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  await eventually(() => (connection.ready ? true : undefined));
  return { connection, frames: () => framesIn(Buffer.concat(received)).filter(([message]) => message === "3") };
}

function framesIn(bytes: Buffer): string[][] {
  const frames: string[][] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    frames.push(bytes.toString("utf8", at + 4, at + 3 + length).split("\0"));
    at += 4 + length;
  }
  return frames;
}

const order = (terms: OrderTerms, change: Partial<OrderToSend> = {}): OrderToSend => ({
  ...wireTermsOf(terms),
  ...{
    orderId: 7,
    contract: { conid: 265598, exchange: "SMART" },
    account: "DU1234567",
    orderRef: "cs1.ref",
    whatIf: false,
  },
  group: null,
  ...change,
});

/** What a plain order says beside its terms; every other field is empty or 0. */
const PLAIN: Record<number, string> = {
  ...{ 0: "3", 1: "7", 2: "265598", 9: "SMART", 16: "BUY", 17: "100", 18: "MKT", 21: "DAY", 23: "DU1234567" },
  ...{ 25: "0", 26: "cs1.ref", 27: "1" },
};
/** Fields in which an order of these types differs from a plain one: the literal that TWS gets. */
const said = (tokens: string[]) => {
  const entries = tokens.map((token, index) => [index, token] as const);
  return Object.fromEntries(entries.filter(([, token]) => !["", "0", "0.0"].includes(token)));
};

const [amount, percent] = [
  { by: "amount", amount: "1.50" },
  { by: "percent", percent: "2.25" },
];
const cases: [string, object, Record<number, string>][] = [
  ["MKT", {}, {}],
  ["LMT", { orderType: "LMT", limitPrice: "10.50" }, { 18: "LMT", 19: "10.5" }],
  [
    "LMT outside regular hours",
    { orderType: "LMT", limitPrice: "10", outsideRth: true },
    { 18: "LMT", 19: "10", 33: "1" },
  ],
  ["STP", { orderType: "STP", stopPrice: "11" }, { 18: "STP", 20: "11" }],
  ["STP LMT", { orderType: "STP LMT", stopPrice: "11", limitPrice: "12" }, { 18: "STP LMT", 19: "12", 20: "11" }],
  ["MIT", { orderType: "MIT", triggerPrice: "9" }, { 18: "MIT", 20: "9" }],
  ["LIT", { orderType: "LIT", triggerPrice: "9", limitPrice: "9.1" }, { 18: "LIT", 19: "9.1", 20: "9" }],
  ["TRAIL by amount", { orderType: "TRAIL", trail: amount }, { 18: "TRAIL", 20: "1.5" }],
  ["TRAIL by percent", { orderType: "TRAIL", trail: percent, stopPrice: "12" }, { 18: "TRAIL", 68: "12", 69: "2.25" }],
  [
    "TRAIL LIMIT",
    { orderType: "TRAIL LIMIT", trail: amount, stopPrice: "12", limitOffset: "0.05" },
    { 18: "TRAIL LIMIT", 20: "1.5", 68: "12", 92: "0.05" },
  ],
  ["MOC", { orderType: "MOC" }, { 18: "MOC" }],
  ["LOC", { orderType: "LOC", limitPrice: "10" }, { 18: "LOC", 19: "10" }],
  ["MOO", { orderType: "MOO", timeInForce: "OPG" }, { 18: "MKT", 21: "OPG" }],
  ["LOO", { orderType: "LOO", timeInForce: "OPG", limitPrice: "10" }, { 18: "LMT", 19: "10", 21: "OPG" }],
  ["MIDPRICE", { orderType: "MIDPRICE", limitPrice: "10" }, { 18: "MIDPRICE", 19: "10" }],
  ["REL", { orderType: "REL", offset: "0.02", limitPrice: "10" }, { 18: "REL", 19: "10", 20: "0.02" }],
  ["IOC", { timeInForce: "IOC" }, { 21: "IOC" }],
  ["FOK", { timeInForce: "FOK" }, { 21: "FOK" }],
  ["GTC", { timeInForce: "GTC" }, { 21: "GTC" }],
  ["GTD", { timeInForce: "GTD", goodTill: "2026-11-30T20:00:00.000Z" }, { 21: "GTD", 38: "20261130-20:00:00" }],
];

/** eTradeOnly, firmQuoteOnly and nbboPriceCap: TWS answers them with 10268. */
const NO_LONGER_SUPPORTED = [52, 53, 54];

describe("an order on the wire", () => {
  test("each type has its own fields at 193, and nothing else", async () => {
    covers("code/10268");
    const { connection, frames } = await peer("193");
    const sent = async (terms: object) => {
      const before = frames().length;
      connection.placeOrder(order(termsWith(terms)));
      return eventually(() => frames()[before]);
    };
    const constant = said(await sent({}));
    for (const index of Object.keys(PLAIN)) expect(constant[Number(index)] ?? "0").toBe(PLAIN[Number(index)]);
    for (const [name, terms, fields] of cases) {
      const tokens = await sent(terms);
      expect(tokens.length, name).toBe(118);
      expect(said(tokens), name).toEqual({ ...constant, ...fields });
      expect(NO_LONGER_SUPPORTED.map((index) => tokens[index] ?? "").every((token) => ["", "0"].includes(token))).toBe(
        true,
      );
    }
  });

  describe("a combination", () => {
    const legs = [
      { conid: 11, side: "BUY", ratio: 1 },
      { conid: 12, side: "SELL", ratio: 2 },
    ];
    const spread = (change: object = {}) => termsWith({ legs, orderType: "LMT", limitPrice: "-0.50", ...change });
    const bag = (exchange: string) => ({ contract: { symbol: "AAPL", currency: "USD", exchange } });
    const LEGS = ["2", "11", "1", "BUY", "SMART", "0", "0", "", "-1", "12", "2", "SELL", "SMART", "0", "0", "", "-1"];

    test.each(["178", "193"])(
      "at %s: a bag with its legs, and that they fill together or not at all",
      async (version) => {
        const { connection, frames } = await peer(version);
        connection.placeOrder(order(spread(), bag("SMART")));
        const tokens = await eventually(() => frames()[0]);
        expect(tokens.slice(2, 5)).toEqual(["0", "AAPL", "BAG"]);
        expect([tokens[9], tokens[11]]).toEqual(["SMART", "USD"]);
        expect(tokens.slice(16, 20)).toEqual(["BUY", "100", "LMT", "-0.5"]);
        expect(tokens.slice(35, 56)).toEqual([...LEGS, "0", "1", "NonGuaranteed", "0"]);
      },
    );
    test("a net price of zero is said, and one of an exchange's own carries no routing", async () => {
      const { connection, frames } = await peer("193");
      connection.placeOrder(order(spread({ limitPrice: "0" }), bag("CME")));
      const tokens = await eventually(() => frames()[0]);
      expect([tokens[9], tokens[19]]).toEqual(["CME", "0"]);
      expect(tokens.slice(52, 54)).toEqual(["0", "0"]);
    });
    test("legs without a bag, or a bag without legs, never reach the wire", async () => {
      const { connection, frames } = await peer("193");
      expect(() => connection.placeOrder(order(spread()))).toThrow(RangeError);
      expect(() => connection.placeOrder(order(termsWith({}), bag("SMART")))).toThrow(RangeError);
      expect(() => connection.placeOrder(order(spread(), bag("SMART\0X")))).toThrow(RangeError);
      connection.placeOrder(order(termsWith({})));
      expect(await eventually(() => (frames().length > 0 ? frames().length : undefined))).toBe(1);
    });
  });

  test("three messages make a bracket: the exits name their parent and one group, and only the last one transmits", async () => {
    const { connection, frames } = await peer("178");
    const exits = {
      takeProfit: { limitPrice: "12" },
      stopLoss: { stopPrice: "9", limitPrice: "8.9" },
      timeInForce: "GTC",
    };
    const terms = termsWith({ orderType: "LMT", limitPrice: "10", exits });
    const { takeProfit, stopLoss } = exitTermsOf(terms) ?? { takeProfit: undefined, stopLoss: undefined };
    if (takeProfit === undefined || stopLoss === undefined) throw new Error("no exits");
    const group = (parentId: number | null, transmit: boolean): OrderGroup => {
      return { parentId, ocaGroup: parentId === null ? "" : "cs1.ref", transmit };
    };
    connection.placeOrder(order(terms, { group: group(null, false) }));
    connection.placeOrder(order(terms, { ...takeProfit, orderId: 8, group: group(7, false) }));
    connection.placeOrder(order(terms, { ...stopLoss, orderId: 9, group: group(7, true) }));
    const [entry, profit, stop] = await eventually(() => (frames().length === 3 ? frames() : undefined));
    const fields = [1, 16, 17, 18, 19, 20, 21, 22, 27, 28, 46];
    const of = (tokens: string[] | undefined) => fields.map((index) => tokens?.[index]);
    expect(of(entry)).toEqual(["7", "BUY", "100", "LMT", "10", "", "DAY", "", "0", "", ""]);
    expect(of(profit)).toEqual(["8", "SELL", "100", "LMT", "12", "", "GTC", "cs1.ref", "0", "7", "2"]);
    expect(of(stop)).toEqual(["9", "SELL", "100", "STP LMT", "8.9", "9", "GTC", "cs1.ref", "1", "7", "2"]);
  });

  test("a control character, or a number that no float prints, never reaches the wire", async () => {
    const { connection, frames } = await peer("193");
    const terms = termsWith({});
    expect(() => connection.placeOrder(order(terms, { contract: { conid: 265598, exchange: "SMART\0X" } }))).toThrow(
      RangeError,
    );
    expect(() => connection.placeOrder(order(terms, { orderRef: "cs1\n" }))).toThrow(RangeError);
    expect(() => connection.placeOrder(order(terms, { limitPrice: "0.12345678901234567890" }))).toThrow(RangeError);
    expect(() => connection.placeOrder(order(terms, { orderType: "VWAPX" }))).toThrow(RangeError);
    connection.placeOrder(order(terms));
    expect(await eventually(() => (frames().length > 0 ? frames().length : undefined))).toBe(1);
  });
});
