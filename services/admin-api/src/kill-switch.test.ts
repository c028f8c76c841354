import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { ControlView } from "@countersign/bus/control-view";
import { createSystemClock } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { KillScope } from "@countersign/contracts/control";
import { Fault, ok } from "@countersign/contracts/denial";
import { AUDIT_APPENDS } from "@countersign/contracts/subjects";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AuditOutbox } from "./audit-outbox.ts";
import { KillSwitch } from "./kill-switch.ts";

/** The switch on a real server; the audit is this test, so that it can be away. */
const clock = createSystemClock();
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = tempDir("countersign-kill-");
const audit = { works: true, records: [] as AuditEntry[] };
let nats: TestNats;
let buses: Bus[];
let view: ControlView;
let second: ControlView;
let kill: KillSwitch;
let other: KillSwitch;

beforeAll(async () => {
  nats = await startTestNats();
  const open = (service: string, users: Parameters<typeof connectBus>[0]["users"]) =>
    connectBus({ url: nats.url, keysDir: nats.keysDir, service, users, clock, log });
  const [admin, twin, writer] = await Promise.all([
    open("admin-api", ["admin-core"]),
    open("admin-api", ["admin-core"]),
    open("audit-writer", ["audit-writer"]),
  ]);
  buses = [admin, twin, writer];
  writer.serve(AUDIT_APPENDS["admin-api"], async ({ entries }) => {
    if (!audit.works) throw new Fault("STORE_REFUSED");
    audit.records.push(...entries);
    return ok({ seq: audit.records.length, hash: "a".repeat(64) });
  });
  view = await ControlView.open(admin, clock);
  second = await ControlView.open(twin, clock);
  const outboxOf = (name: string) =>
    new AuditOutbox({ file: join(folder.path, name), audit: (entry) => admin.audit(entry), clock, retryMs: 20 });
  kill = new KillSwitch({ bus: admin, view, clock, outbox: outboxOf("one.jsonl") });
  other = new KillSwitch({ bus: twin, view: second, clock, outbox: outboxOf("two.jsonl") });
});
afterAll(async () => {
  view?.close();
  second?.close();
  await Promise.all((buses ?? []).map((bus) => bus.drain()));
  await nats?.stop();
  folder.remove();
});
beforeEach(() => {
  audit.works = true;
  audit.records = [];
});

const change = (level: "ACTIVE" | "REDUCE_ONLY" | "HALTED", scope: KillScope = "global") =>
  ({ scope, level, reason: "test", operator: "op" }) as const;
const may = () => undefined;
const mayNot = () => {
  throw new Error("may not loosen");
};

describe("the cancels of HALTED", () => {
  const scope = "account.DU1234567";
  const setting = () => {
    const found = view.settings().find((one) => one.scope === scope);
    if (found === undefined || found.setting === "unreadable") throw new Error("not set");
    return { sequence: found.sequence, cancelOrders: found.setting.cancelOrders, cancelOf: found.setting.cancelOf };
  };
  test("HALTED again without a word of orders -> they go on, however often, as those of the setting that asked", async () => {
    await kill.set({ ...change("HALTED", scope), cancelOrders: "own" }, may);
    const { sequence } = setting();
    for (const by of [kill, other]) {
      await by.set(change("HALTED", scope), may);
      await view.refresh();
      expect(setting()).toMatchObject({ cancelOrders: "own", cancelOf: sequence });
    }
  });
  test("HALTED again with cancels -> they are its own; after ACTIVE, HALTED alone cancels nothing", async () => {
    await kill.set({ ...change("HALTED", scope), cancelOrders: "own" }, may);
    expect(setting()).toMatchObject({ cancelOrders: "own", cancelOf: undefined });
    await kill.set(change("ACTIVE", scope), may);
    expect(setting()).toMatchObject({ cancelOrders: undefined, cancelOf: undefined });
    await kill.set(change("HALTED", scope), may);
    expect(setting()).toMatchObject({ cancelOrders: undefined, cancelOf: undefined });
    await kill.set(change("ACTIVE", scope), may);
  });
});

describe("the kill switch", () => {
  test("never set is HALTED, so setting it ACTIVE loosens and needs the right and the audit", async () => {
    expect(kill.state().effective).toBe("HALTED");
    await expect(kill.set(change("ACTIVE"), mayNot)).rejects.toThrow("may not loosen");
    audit.works = false;
    await expect(kill.set(change("ACTIVE"), may)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    expect(kill.state().effective).toBe("HALTED");
    audit.works = true;
    await kill.set(change("ACTIVE"), may);
    expect(kill.state()).toMatchObject({ effective: "ACTIVE", confirmed: true });
    expect(audit.records.map((one) => [one.kind, one.body.from, one.body.to])).toEqual([
      ["kill.changed", "HALTED", "ACTIVE"],
    ]);
  });

  test("tightening waits for no audit: it holds at once, and its record follows", async () => {
    audit.works = false;
    await kill.set(change("HALTED"), mayNot);
    expect(kill.state().effective).toBe("HALTED");
    expect(audit.records).toEqual([]);
    audit.works = true;
    await expect.poll(() => audit.records.map((one) => one.body.to)).toEqual(["HALTED"]);
    await kill.set(change("ACTIVE"), may);
  });

  test("an answer means that this process sees the change, and another one soon after", async () => {
    await kill.set(change("HALTED", "instrument.265598"), mayNot);
    expect(view.level({ conids: [265598] }).level).toBe("HALTED");
    await expect.poll(() => second.level({ conids: [265598] }).level).toBe("HALTED");
    expect(view.level({ conids: [1] }).level).toBe("ACTIVE");
    await kill.set(change("ACTIVE", "instrument.265598"), may);
  });

  test("two operators at once: every write lands, none is lost, and the last one holds everywhere", async () => {
    await Promise.all([
      kill.set(change("REDUCE_ONLY"), may),
      other.set(change("HALTED"), may),
      kill.set(change("HALTED", "agent.rogue"), mayNot),
    ]);
    await expect.poll(() => view.sequence() === second.sequence()).toBe(true);
    expect(other.state().settings).toEqual(kill.state().settings);
    expect(view.level({ agent: "rogue" }).level).toBe("HALTED");
    await kill.set(change("ACTIVE"), may);
    await kill.set(change("ACTIVE", "agent.rogue"), may);
  });

  test("a tightening that would loosen what another just tightened is judged again", async () => {
    const [admin] = buses;
    if (admin === undefined) throw new Error("no bus");
    let moved = false;
    const append: Bus["append"] = async (...args) => {
      if (!moved) {
        moved = true;
        await other.set(change("HALTED"), may);
      }
      return admin.append(...args);
    };
    const file = join(folder.path, "three.jsonl");
    const outbox = new AuditOutbox({ file, audit: async () => 0, clock, retryMs: 20 });
    const bus = { append, audit: (entry: AuditEntry) => admin.audit(entry) };
    const racing = new KillSwitch({ bus, view, clock, outbox });
    await expect(racing.set(change("REDUCE_ONLY"), mayNot)).rejects.toThrow("may not loosen");
    expect(kill.state().effective).toBe("HALTED");
  });

  test("a server that is away -> a fault that says so, and the view is HALTED", async () => {
    await nats.kill("SIGTERM");
    await expect.poll(() => view.level({}).level).toBe("HALTED");
    await expect(kill.set(change("HALTED"), mayNot)).rejects.toMatchObject({ name: "Fault" });
    await nats.restart();
  });
});
