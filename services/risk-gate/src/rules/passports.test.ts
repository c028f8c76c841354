import { describe, expect, test } from "vitest";
import { PASSPORT } from "../test-policy.ts";
import { PASSPORT_DIRECTIONS, Passport, Passports, passportOf } from "./passports.ts";
import { compareLimits } from "./strictness.ts";

const isGood = (change: object) => Passport.safeParse({ ...PASSPORT, ...change }).success;
const HOURS = { zone: "America/New_York", days: ["Mon", "Fri"], from: "09:30", to: "16:00" };
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const hours = (change: object) => isGood({ hours: { ...HOURS, ...change } });
const budgets = (change: object) => isGood({ budgets: { ...PASSPORT.budgets, ...change } });

describe("a passport", () => {
  test("with every part in its form -> good", () => {
    expect([isGood({}), isGood({ conids: [1] }), isGood({ conids: [] }), isGood({ hours: HOURS })]).not.toContain(
      false,
    );
    expect([hours({ days: DAYS }), hours({ from: "15:59" }), budgets({ orders: 1 })]).not.toContain(false);
  });
  test.each(["accounts", "secTypes", "conids", "orderTypes", "hours", "budgets"])("without %s -> refused", (part) => {
    expect(isGood({ [part]: undefined })).toBe(false);
  });
  test("with a part that is none -> refused", () => {
    expect(isGood({ anything: true })).toBe(false);
    expect([hours({ until: "17:00" }), budgets({ gain: "5" })]).toEqual([false, false]);
  });
  test("for no account, no kind of instrument, no order type or no day -> refused", () => {
    expect([isGood({ accounts: [] }), isGood({ secTypes: [] }), isGood({ orderTypes: [] })]).not.toContain(true);
    expect(hours({ days: [] })).toBe(false);
  });
  test("with more than anybody would write down -> refused", () => {
    const many = (count: number, one: unknown) => Array.from({ length: count }, () => one);
    const of = (name: string, count: number, one: unknown) => isGood({ [name]: many(count, one) });
    expect([of("accounts", 100, "DU1234567"), of("accounts", 101, "DU1234567")]).toEqual([true, false]);
    expect([of("secTypes", 20, "STK"), of("secTypes", 21, "STK")]).toEqual([true, false]);
    expect([of("conids", 10_000, 1), of("conids", 10_001, 1)]).toEqual([true, false]);
    expect(hours({ days: [...DAYS, "Mon"] })).toBe(false);
  });
  test("with an account, a kind of instrument, a contract or a day that cannot be -> refused", () => {
    expect([isGood({ accounts: ["*"] }), isGood({ conids: [0] }), isGood({ conids: [1] })]).toEqual([
      false,
      false,
      true,
    ]);
    const kinds = ["STK", "AB", "ABCDEFGHIJ", "A", "ABCDEFGHIJK", "stk", "STK ", " STK", ""];
    expect(kinds.map((one) => isGood({ secTypes: [one] }))).toEqual([true, true, true, ...Array(6).fill(false)]);
    expect([hours({ days: ["Monday"] }), hours({ zone: "Mars/Olympus" })]).toEqual([false, false]);
  });
  test("with hours that end when they begin, or before -> refused", () => {
    expect([
      hours({ from: "16:00" }),
      hours({ from: "16:01" }),
      hours({ from: "1:00" }),
      hours({ to: "24:00" }),
    ]).toEqual(Array(4).fill(false));
  });
  test("with a budget of nothing -> refused", () => {
    const none = ["notional", "openRisk", "loss"].map((name) => budgets({ [name]: "0" }));
    expect([...none, budgets({ orders: 0 }), budgets({ orders: 1.5 }), budgets({ currency: "" })]).not.toContain(true);
    const left = ["currency", "orders", "notional", "openRisk", "loss"].map((name) => budgets({ [name]: undefined }));
    expect(left).not.toContain(true);
  });
});

test("passports are by the name of the agent, with one for any agent or none", () => {
  const good = (value: object) => Passports.safeParse(value).success;
  expect(good({ anyAgent: null, agents: { "agent-1": PASSPORT } })).toBe(true);
  expect(good({ anyAgent: PASSPORT, agents: {} })).toBe(true);
  expect([good({ agents: {} }), good({ anyAgent: null }), good({ anyAgent: null, agents: {}, x: 1 })]).toEqual(
    Array(3).fill(false),
  );
  expect(good({ anyAgent: null, agents: { "Agent *": PASSPORT } })).toBe(false);
});

describe("whose passport counts", () => {
  const own = Passport.parse({ ...PASSPORT, secTypes: ["OPT"] });
  const any = Passport.parse(PASSPORT);
  const of = (agent: string, mode: "simulator" | "paper" | "live", anyAgent: Passport | null = any) =>
    passportOf({ passports: { anyAgent, agents: { "agent-1": own } } }, { agent, mode });
  test("the agent's own, in every mode", () => {
    expect([of("agent-1", "simulator"), of("agent-1", "paper"), of("agent-1", "live")]).toEqual([own, own, own]);
  });
  test("of an agent without one the one of any agent, in the simulator alone", () => {
    expect([of("agent-2", "simulator"), of("agent-2", "paper"), of("agent-2", "live")]).toEqual([
      any,
      undefined,
      undefined,
    ]);
    expect(of("agent-2", "simulator", null)).toBeUndefined();
  });
  test("a name that every object has is nobody's", () => {
    expect([of("constructor", "paper"), of("toString", "live")]).toEqual([undefined, undefined]);
  });
});

test("fewer accounts, types, contracts or less of a budget is stricter; other hours nobody can compare", () => {
  const change = (part: string, before: unknown, after: unknown) =>
    compareLimits(PASSPORT_DIRECTIONS, { ...PASSPORT, [part]: before }, { ...PASSPORT, [part]: after });
  expect(change("accounts", ["DU1", "DU2"], ["DU1"])).toBe("stricter");
  expect(change("secTypes", ["STK", "OPT"], ["STK"])).toBe("stricter");
  expect(change("orderTypes", ["LMT", "MKT"], ["LMT"])).toBe("stricter");
  expect([change("conids", null, [1]), change("conids", [1], null)]).toEqual(["stricter", "looser"]);
  expect([change("hours", null, HOURS), change("hours", HOURS, { ...HOURS, to: "15:00" })]).toEqual([
    "stricter",
    "looser",
  ]);
  expect([change("conids", [1, 2], [1]), change("conids", [1], [1, 2])]).toEqual(["stricter", "looser"]);
  expect(PASSPORT_DIRECTIONS.hours).toBe("none");
  expect(change("budgets", PASSPORT.budgets, { ...PASSPORT.budgets, orders: 99 })).toBe("stricter");
  expect(change("budgets", PASSPORT.budgets, { ...PASSPORT.budgets, loss: "1000.01" })).toBe("looser");
});
