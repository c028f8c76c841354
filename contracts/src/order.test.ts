import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { OrderTerms, type OrderType } from "./order.ts";
import { combinationRefusal, fieldsRefusal, pricesOf } from "./order-check.ts";
import { ORDER_FIELDS, ORDER_RULES, type OrderField } from "./order-rules.ts";

const VALUES = {
  limitPrice: "10.5",
  stopPrice: "11",
  triggerPrice: "9.5",
  trail: { by: "percent", percent: "1.5" },
  limitOffset: "0.1",
  offset: "0.02",
} as const satisfies Record<OrderField, unknown>;
const FIELDS = Object.keys(ORDER_FIELDS) as OrderField[];
const TYPES = Object.keys(ORDER_RULES) as OrderType[];

function terms(orderType: OrderType, fields: readonly OrderField[], change: object = {}): object {
  const values = Object.fromEntries(fields.map((field) => [field, VALUES[field]]));
  const limit = orderType === "MKT" ? { limitPrice: null } : {};
  const [timeInForce] = ORDER_RULES[orderType].timesInForce;
  const common = { account: "DU1234567", conid: 1, side: "BUY", quantity: "10", timeInForce };
  return { ...common, orderType, ...limit, ...values, ...change };
}
const accepts = (value: object) => OrderTerms.safeParse(value).success;

describe.each(TYPES)("%s", (orderType) => {
  const { required, optional }: { required: readonly OrderField[]; optional: readonly OrderField[] } =
    ORDER_RULES[orderType];

  test("is taken with exactly the prices that it needs", () => {
    expect(accepts(terms(orderType, required))).toBe(true);
    expect(accepts(terms(orderType, [...required, ...optional]))).toBe(true);
    const parsed = OrderTerms.parse(terms(orderType, required));
    expect(Object.keys(pricesOf(parsed)).sort()).toEqual([...required].sort());
    expect(combinationRefusal(parsed)).toBeUndefined();
  });

  test("is refused when one of them is missing, and the refusal names it", () => {
    for (const field of required) {
      const rest = required.filter((one) => one !== field);
      expect(accepts(terms(orderType, rest)), field).toBe(false);
      expect(fieldsRefusal(orderType, new Set(rest))?.field).toBe(field);
    }
  });

  test("is refused with one that it has no place for", () => {
    for (const field of FIELDS.filter((one) => !required.includes(one) && !optional.includes(one))) {
      expect(accepts(terms(orderType, [...required, field])), field).toBe(false);
      expect(fieldsRefusal(orderType, new Set([...required, field]))?.field).toBe(field);
    }
  });

  test("goes with its times in force and no others", () => {
    for (const timeInForce of ["DAY", "GTC", "GTD", "IOC", "FOK", "OPG"] as const) {
      const goodTill = timeInForce === "GTD" ? { goodTill: "2026-11-30T20:00:00.000Z" } : {};
      const parsed = OrderTerms.parse(terms(orderType, required, { timeInForce, ...goodTill }));
      const allowed = (ORDER_RULES[orderType].timesInForce as readonly string[]).includes(timeInForce);
      expect(combinationRefusal(parsed)?.code, timeInForce).toBe(allowed ? undefined : "TIME_IN_FORCE_NOT_ALLOWED");
    }
  });
});

describe("combinations", () => {
  test("GTD without an end, an end without GTD -> GOOD_TILL_INVALID", () => {
    const limit = (change: object) => combinationRefusal(OrderTerms.parse(terms("LMT", ["limitPrice"], change)))?.code;
    expect(limit({ timeInForce: "GTD" })).toBe("GOOD_TILL_INVALID");
    expect(limit({ goodTill: "2026-11-30T20:00:00.000Z" })).toBe("GOOD_TILL_INVALID");
  });
  test("a market order outside regular hours -> OUTSIDE_RTH_NOT_ALLOWED", () => {
    const parsed = OrderTerms.parse(terms("MKT", [], { outsideRth: true }));
    expect(combinationRefusal(parsed)?.code).toBe("OUTSIDE_RTH_NOT_ALLOWED");
  });
  test("outsideRth false is refused: there is one way to write an order, and so one hash", () => {
    expect(accepts(terms("LMT", ["limitPrice"], { outsideRth: false }))).toBe(false);
  });
  test("a field that is there and undefined is refused", () => {
    expect(accepts(terms("LMT", ["limitPrice"], { goodTill: undefined }))).toBe(false);
  });
  test.each(["0", "-1", "100", "1.23456", "1e2", "01"])("a percentage of %s is refused", (percent) => {
    expect(accepts(terms("TRAIL", [], { trail: { by: "percent", percent } }))).toBe(false);
  });
  test("amount and percent together are refused", () => {
    expect(accepts(terms("TRAIL", [], { trail: { by: "percent", percent: "1", amount: "1" } }))).toBe(false);
  });
});

test("tickets from before the other types parse, and keep their bytes", () => {
  const old = { account: "DU1234567", conid: 265598, side: "BUY", quantity: "10", timeInForce: "DAY" };
  for (const one of [
    { ...old, orderType: "MKT", limitPrice: null },
    { ...old, orderType: "LMT", limitPrice: "230.5" },
  ]) {
    const sorted = (value: object) => JSON.stringify(Object.entries(value).sort());
    const hash = (value: object) => createHash("sha256").update(sorted(value)).digest("hex");
    expect(hash(OrderTerms.parse(one))).toBe(hash(one));
  }
});

describe("a number has one alphabet and no sign", () => {
  const spelled = [
    "",
    "0",
    "0.0",
    "-0",
    "-1",
    "+1",
    "01",
    ".5",
    "5.",
    "1e1",
    "0x10",
    "1,000",
    "1_0",
    " 1",
    "1 ",
    "1\n",
  ];
  const foreign = [
    "\uff11",
    "\u0661",
    "1\u200b",
    "\u22121",
    "Infinity",
    "NaN",
    10,

    null,
    ["10"],
    { toString: () => "10" },
  ];
  test.each([...spelled, ...foreign])("%j is no quantity, limit or stop", (value) => {
    expect(accepts(terms("LMT", ["limitPrice"], { quantity: value }))).toBe(false);
    expect(accepts(terms("LMT", ["limitPrice"], { limitPrice: value }))).toBe(false);
    expect(accepts(terms("STP", ["stopPrice"], { stopPrice: value }))).toBe(false);
  });
});
