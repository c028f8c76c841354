import { FACTS } from "@countersign/contracts/subjects";
import { beforeEach, describe, expect, test } from "vitest";
import { ControlState, scopeKeys, stricterTrip, strictestOf } from "./control-state.ts";

const at = "2026-11-20T10:00:00.000Z";
const actor = { kind: "operator", id: "operator" };
const SCOPES = { account: "DU1234567", agent: "agent-1", conids: [11, 12] };
const LOSS = "risk-gate.daily-loss.account.DU1234567";
const VALUES = "risk-gate.account-values.account.DU1234567";
let state: ControlState;
let sequence: number;

beforeEach(() => {
  state = new ControlState();
  sequence = 0;
});

function takeText(key: string, text: string, at = ++sequence): number {
  state.take({ subject: `$KV.CONTROL.${key}`, sequence: at, text });
  return at;
}
const take = (key: string, body: object, at?: number) => takeText(key, JSON.stringify(body), at);
const set = (scope: string, level: string, at?: number) => take(`kill.${scope}`, killed(level, `${scope} said so`), at);
const killed = (level: string, reason: string) => ({ type: "kill/1", level, actor, reason, at });
const trip = (key: string, level: string, at?: number) => take(`trip.${key}`, tripped(level), at);
const tripped = (level: string) => ({ type: "trip/1", level, reason: "too much", evidence: [], at });
const reset = (key: string, tripSequence: number) =>
  take(`reset.${key}`, { type: "trip-reset/1", tripSequence, actor, reason: "looked into", at });
const level = () => state.level(SCOPES).level;

describe("settings", () => {
  test("nothing was ever set -> HALTED", () => {
    expect(state.level(SCOPES)).toEqual({ level: "HALTED", reason: "the global kill switch was never set" });
    expect(state.level({}).level).toBe("HALTED");
    expect(state.settings()).toEqual([]);
  });

  test("only a narrow scope was set ACTIVE -> HALTED still", () => {
    set("account.DU1234567", "ACTIVE");
    expect(level()).toBe("HALTED");
  });

  test("global ACTIVE -> ACTIVE", () => {
    set("global", "ACTIVE");
    expect(level()).toBe("ACTIVE");
    expect(state.settings()).toEqual([{ scope: "global", sequence: 1, setting: killed("ACTIVE", "global said so") }]);
  });

  test.each(["account.DU1234567", "agent.agent-1", "instrument.11", "instrument.12"])(
    "%s HALTED -> HALTED",
    (scope) => {
      set("global", "REDUCE_ONLY");
      set(scope, "HALTED");
      expect(state.level(SCOPES)).toEqual({ level: "HALTED", reason: `${scope}: ${scope} said so` });
    },
  );

  test("a narrow ACTIVE does not loosen a global HALTED", () => {
    set("global", "HALTED");
    set("account.DU1234567", "ACTIVE");
    expect(state.level(SCOPES)).toEqual({ level: "HALTED", reason: "global: global said so" });
  });

  test("another's scope HALTED -> ACTIVE", () => {
    set("global", "ACTIVE");
    for (const scope of ["account.DU7654321", "agent.agent-2", "instrument.13"]) set(scope, "HALTED");
    expect(level()).toBe("ACTIVE");
  });

  test("unreadable -> HALTED, and a later readable one counts again", () => {
    takeText("kill.global", "{");
    expect(state.level(SCOPES)).toEqual({ level: "HALTED", reason: "the setting of global is unreadable" });
    expect(state.settings()).toEqual([{ scope: "global", setting: "unreadable", sequence: 1 }]);
    set("global", "ACTIVE");
    expect(level()).toBe("ACTIVE");
    take("kill.global", { ...killed("ACTIVE", "x"), more: 1 });
    expect(level()).toBe("HALTED");
  });

  test("an older message that comes late changes nothing; the same one again does not either", () => {
    set("global", "HALTED", 5);
    set("global", "ACTIVE", 4);
    expect(level()).toBe("HALTED");
    set("global", "ACTIVE", 5);
    expect(level()).toBe("ACTIVE");
  });
});

describe("trips", () => {
  beforeEach(() => {
    set("global", "ACTIVE");
  });

  test.each([
    ["AUTO_OFF", "ACTIVE"],
    ["REDUCE_ONLY", "REDUCE_ONLY"],
    ["HALTED", "HALTED"],
  ])("%s -> %s, with its reason", (stated, expected) => {
    trip(LOSS, stated);
    expect(level()).toBe(expected);
    if (expected !== "ACTIVE") expect(state.level(SCOPES).reason).toBe(`${LOSS}: too much`);
    expect(state.trips()).toEqual([
      {
        ...{ key: LOSS, service: "risk-gate", cause: "daily-loss", scope: "account.DU1234567", sequence: 2 },
        ...{ trip: tripped(stated), level: stated },
      },
    ]);
  });

  test("of another's scope -> ACTIVE", () => {
    trip("risk-gate.daily-loss.account.DU7654321", "HALTED");
    expect(level()).toBe("ACTIVE");
  });

  test("under a key whose scope is none -> HALTED, for everybody", () => {
    trip("risk-gate.daily-loss.everything", "HALTED");
    expect(level()).toBe("HALTED");
    expect(state.autoOff(SCOPES)).toContain("everything");
  });

  test("under a key without a scope -> HALTED", () => {
    trip("risk-gate", "HALTED");
    expect(state.trips()[0]).toMatchObject({ service: "risk-gate", cause: "", scope: "" });
    expect(level()).toBe("HALTED");
  });

  test("unreadable -> HALTED", () => {
    takeText(`trip.${LOSS}`, "{}");
    expect(state.level(SCOPES)).toEqual({ level: "HALTED", reason: `${LOSS}: unreadable` });
  });

  test("taken back by its service: only where it was for want of something", () => {
    trip(VALUES, "HALTED");
    trip(VALUES, "NONE");
    expect(level()).toBe("ACTIVE");
    trip(LOSS, "NONE");
    expect(level()).toBe("HALTED");
  });

  test("reset by a person -> ACTIVE; a later trip counts again", () => {
    const first = trip(LOSS, "HALTED");
    reset(LOSS, first);
    expect(level()).toBe("ACTIVE");
    expect(state.trips()[0]?.level).toBe("NONE");
    trip(LOSS, "HALTED");
    expect(level()).toBe("HALTED");
  });

  test("a reset of an earlier trip, of another one, or that cannot be read -> still HALTED", () => {
    const first = trip(LOSS, "HALTED");
    reset(VALUES, first);
    expect(level()).toBe("HALTED");
    const second = trip(LOSS, "HALTED");
    reset(LOSS, second - 1);
    expect(level()).toBe("HALTED");
    takeText(`reset.${LOSS}`, "{");
    expect(level()).toBe("HALTED");
  });

  test("a reset does not loosen a setting", () => {
    set("global", "HALTED");
    reset("global", sequence);
    expect(level()).toBe("HALTED");
  });
});

describe("approvals by policy", () => {
  beforeEach(() => {
    set("global", "ACTIVE");
  });

  test("no trip -> nothing against them", () => expect(state.autoOff(SCOPES)).toBeUndefined());

  test("AUTO_OFF in a scope that bears on the order -> off, until it is reset", () => {
    const key = "admin-api.operator-absent.agent.agent-1";
    const off = trip(key, "AUTO_OFF");
    expect(state.autoOff(SCOPES)).toBe(`${key}: too much`);
    expect(state.autoOff({ ...SCOPES, agent: "agent-2" })).toBeUndefined();
    reset(key, off);
    expect(state.autoOff(SCOPES)).toBeUndefined();
  });
});

describe("the writer", () => {
  const writer = (epoch: number) => ({ type: "writer/1", epoch, instance: "12345678", at });
  const takeWriter = (text: string, at: number) => state.take({ subject: FACTS.writer.subject, sequence: at, text });

  test("the newest readable epoch counts, in whatever order they come", () => {
    expect(state.writerEpoch()).toBeUndefined();
    takeWriter(JSON.stringify(writer(2)), 5);
    expect(state.writerEpoch()).toEqual(writer(2));
    takeWriter(JSON.stringify(writer(1)), 4);
    expect(state.writerEpoch()).toEqual(writer(2));
    takeWriter("{}", 6);
    expect(state.writerEpoch()).toEqual(writer(2));
    takeWriter(JSON.stringify(writer(3)), 7);
    expect(state.writerEpoch()).toEqual(writer(3));
    expect(level()).toBe("HALTED");
  });
});

describe("what can have taken a HALTED of everything back", () => {
  const GLOBAL = "broker-gateway.strange-order.global";

  test("nothing was ever set, or only HALTED -> nothing", () => {
    expect(state.newestLoosening()).toBe(0);
    set("global", "HALTED");
    trip(GLOBAL, "HALTED");
    expect(state.newestLoosening()).toBe(0);
  });

  test.each(["ACTIVE", "REDUCE_ONLY", "CLOSED_TO_AGENTS"])(
    "a setting of everything to %s -> that, if it is a level",
    (to) => {
      const at = set("global", to);
      expect(state.newestLoosening()).toBe(to === "CLOSED_TO_AGENTS" ? 0 : at);
    },
  );

  test("a setting of one account, an unreadable one, a claim of the writer -> nothing", () => {
    set("account.DU1234567", "ACTIVE");
    takeText("kill.global", "{}");
    expect(state.newestLoosening()).toBe(0);
  });

  test("the reset of a trip to HALTED -> that; of one of an account -> nothing", () => {
    reset(LOSS, trip(LOSS, "HALTED"));
    expect(state.newestLoosening()).toBe(0);
    const at = reset(GLOBAL, trip(GLOBAL, "HALTED"));
    expect(state.newestLoosening()).toBe(at);
    trip(GLOBAL, "HALTED");
    expect(state.newestLoosening()).toBe(0);
  });

  test("a trip to less than HALTED, its reset, what a service withdraws -> nothing", () => {
    const less = "admin-api.operator-absent.global";
    reset(less, trip(less, "REDUCE_ONLY"));
    trip(less, "AUTO_OFF");
    trip(less, "NONE");
    expect(state.newestLoosening()).toBe(0);
  });
});

test("a subject of something else -> not taken for a setting, a trip or a reset", () => {
  take("claim.x", killed("ACTIVE", "x"));
  take("other.kill.global", killed("ACTIVE", "x"));
  expect([state.settings(), state.trips()]).toEqual([[], []]);
});

test("the scopes of an order, and the strictest of several levels", () => {
  expect(scopeKeys(SCOPES)).toEqual(["global", "account.DU1234567", "agent.agent-1", "instrument.11", "instrument.12"]);
  expect(scopeKeys({})).toEqual(["global"]);
  expect([strictestOf([]), strictestOf(["ACTIVE", "HALTED", "REDUCE_ONLY"])]).toEqual(["ACTIVE", "HALTED"]);
  expect([stricterTrip("NONE", "AUTO_OFF"), stricterTrip("HALTED", "REDUCE_ONLY")]).toEqual(["AUTO_OFF", "HALTED"]);
});
