import { describe, expect, test } from "vitest";
import {
  AccountMarks,
  CancelOrders,
  Claim,
  KILL_LEVELS,
  KillLevel,
  KillScope,
  KillScopes,
  KillSetting,
  killLevelOf,
  strictest,
  TRIP_LEVELS,
  Trip,
  TripReset,
  WriterEpoch,
  WriterLease,
} from "./control.ts";

const at = "2026-11-20T10:00:00.000Z";
const actor = { kind: "operator", id: "operator" };
const REASON_MAX = "r".repeat(500);
const ENTRY = { name: "n".repeat(64), value: "v".repeat(200) };

describe("how strict", () => {
  test("of two levels the stricter one holds, whichever comes first", () => {
    expect(KILL_LEVELS).toEqual(["ACTIVE", "REDUCE_ONLY", "HALTED"]);
    for (const [strict, a] of KILL_LEVELS.entries()) {
      for (const [other, b] of KILL_LEVELS.entries())
        expect(strictest(a, b)).toBe(KILL_LEVELS[Math.max(strict, other)]);
    }
  });

  test("what stops approvals by policy does not stop a person; every other trip means its own level", () => {
    expect(TRIP_LEVELS.map(killLevelOf)).toEqual(["ACTIVE", "ACTIVE", "REDUCE_ONLY", "HALTED"]);
  });

  test("a level or a way to cancel that does not exist -> refused", () => {
    expect(KillLevel.safeParse("").success).toBe(false);
    expect(KillLevel.safeParse("halted").success).toBe(false);
    expect(["own", "all", "", "none"].filter((one) => CancelOrders.safeParse(one).success)).toEqual(["own", "all"]);
  });
});

describe("a scope", () => {
  test.each(["global", "account.DU1234567", "agent.agent-1", "instrument.1", "instrument.2147483647"])(
    "%s -> one",
    (scope) => expect(KillScope.safeParse(scope).success).toBe(true),
  );
  test.each([
    ...["", "Global", "global.x", "account.", "account.du1", "DU1234567", "agent.", "agent.a b", "agent-1"],
    ...["instrument.", "instrument.0", "instrument.01", "instrument.12345678901", "instrument.1x", "xinstrument.1"],
    ...["instrument.x", "instrument.1a2", "instrumentx1", "account.*", "agent.>"],
  ])("%s -> none", (scope) => expect(KillScope.safeParse(scope).success).toBe(false));
});

const setting = { type: "kill/1", level: "HALTED", actor, reason: REASON_MAX, at, cancelOrders: "all" };
const trip = { type: "trip/1", level: "HALTED", reason: REASON_MAX, evidence: Array(20).fill(ENTRY), at };
const reset = { type: "trip-reset/1", tripSequence: 1, actor, reason: REASON_MAX, at };
const marks = { type: "account-marks/1", currency: "USD", session: "2026-11-20", dayStart: "1", highWaterMark: "2" };
const proposalId = `prop_${"a".repeat(26)}`;
const claim = { type: "claim/1", proposalId, ticketHash: "0".repeat(64), writerEpoch: 1, purpose: "send", at };
const writer = { type: "writer/1", epoch: 1, instance: "12345678", at };
const lease = { type: "lease/1", instance: "12345678", leaseMs: 100, released: false, at };

const messages: [string, { safeParse(value: unknown): { success: boolean } }, object, object[], object[]][] = [
  [
    "setting",
    KillSetting,
    setting,
    [{ confirmedBy: actor }, { cancelOrders: undefined }, { level: "ACTIVE" }],
    [{ level: "OFF" }, { cancelOrders: "some" }, { reason: `${REASON_MAX}r` }, { confirmedBy: "alice" }],
  ],
  [
    "trip",
    Trip,
    trip,
    [{ cancelOrders: "own" }, { level: "NONE" }, { level: "AUTO_OFF" }, { evidence: [] }],
    [
      { level: "ACTIVE" },
      { cancelOrders: "some" },
      { reason: `${REASON_MAX}r` },
      { evidence: Array(21).fill(ENTRY) },
      { evidence: [{ ...ENTRY, name: `${ENTRY.name}n` }] },
      { evidence: [{ ...ENTRY, value: `${ENTRY.value}v` }] },
      { evidence: [{ ...ENTRY, more: "" }] },
    ],
  ],
  [
    "reset",
    TripReset,
    reset,
    [{ confirmedBy: actor }],
    [{ tripSequence: 0 }, { tripSequence: 1.5 }, { reason: `${REASON_MAX}r` }, { confirmedBy: "alice" }],
  ],
  ["marks", AccountMarks, { ...marks, rebasedAfter: 0, at }, [], [{ rebasedAfter: -1 }, { dayStart: "1e3" }]],
  ["claim", Claim, claim, [{ purpose: "void" }], [{ purpose: "" }, { writerEpoch: 0 }, { ticketHash: "0" }]],
  [
    "writer",
    WriterEpoch,
    writer,
    [{ instance: "i".repeat(64) }],
    [{ epoch: 0 }, { instance: "1234567" }, { instance: "i".repeat(65) }],
  ],
  [
    "lease",
    WriterLease,
    lease,
    [{ instance: "i".repeat(64), leaseMs: 60_000, released: true }],
    [{ leaseMs: 99 }, { leaseMs: 60_001 }, { released: "no" }, { instance: "1234567" }, { instance: "i".repeat(65) }],
  ],
  ["scopes", KillScopes, { account: "DU1234567", agent: "agent-1", conid: 1 }, [], [{ conid: 0 }]],
];

/** JSON has no undefined: such a field is absent. */
const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, message: object) =>
  schema.safeParse(JSON.parse(JSON.stringify(message))).success;

describe.each(messages)("a %s of the control stream", (_, schema, good, alsoGood, bad) => {
  test("is read as it is written", () => {
    for (const change of [{}, ...alsoGood]) {
      expect(accepts(schema, { ...good, ...change }), JSON.stringify(change)).toBe(true);
    }
  });
  test("with a field too many, out of bounds, or of another type -> not readable", () => {
    for (const change of [{ type: "other/1" }, { more: 1 }, ...bad]) {
      expect(accepts(schema, { ...good, ...change }), JSON.stringify(change)).toBe(false);
    }
  });
  test("with a field missing -> not readable", () => {
    for (const field of Object.keys(good).filter((name) => name !== "cancelOrders")) {
      expect(accepts(schema, { ...good, [field]: undefined }), field).toBe(false);
    }
  });
});
