import { type Bus, connectBus, usersOf } from "@countersign/bus/bus";
import { ControlView } from "@countersign/bus/control-view";
import { Tripwire } from "@countersign/bus/tripwire";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { Fault, ok } from "@countersign/contracts/denial";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AccountWatch } from "./account-watch.ts";

/** The watch on a real server; what the broker says is this test's to choose. */
const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });
const account = "DU1234567";
const scopes = { account };
const CONFIG = {
  everyMs: 60_000,
  staleAfterMs: 1_000,
  reduceOnlyAfterMs: 1_500,
  sessionZone: "America/New_York",
  flowPercentMin: "0.5",
  dailyLoss: { autoOffPercent: "1", reduceOnlyPercent: "2", haltPercent: "3" },
  drawdown: { reduceOnlyPercent: "5" },
};
const broker = { value: "100000", daily: "0", ageMs: 0, works: true };
const open: Bus[] = [];
let nats: TestNats;
let gate: Bus;
let admin: Bus;
let view: ControlView;
let wire: Tripwire<"risk-gate">;

beforeAll(async () => {
  nats = await startTestNats();
  const connect = async (service: string) => {
    const bus = await connectBus({
      url: nats.url,
      users: usersOf(service),
      keysDir: nats.keysDir,
      service,
      clock,
      log,
    });
    open.push(bus);
    return bus;
  };
  gate = await connect("risk-gate");
  admin = await connect("admin-api");
  const gateway = await connect("broker-gateway");
  gateway.serve(RPCS.summary, async () => {
    if (!broker.works) throw new Fault("BROKER_UNAVAILABLE");
    const amount = { amount: broker.value, currency: "USD" };
    const { netLiquidation, ...rest } = { netLiquidation: amount, totalCash: amount, availableFunds: amount };
    const margins = { excessLiquidity: amount, initialMargin: amount, maintenanceMargin: amount };
    const all = { netLiquidation, ...rest, buyingPower: amount, ...margins, grossPositionValue: amount };
    const asOf = utcText(clock.nowMs() - broker.ageMs);
    return ok({ account, baseCurrency: "USD", ...all, cashByCurrency: [], source: "broker", asOf });
  });
  gateway.serve(BROKER_READS.pnl, async () => {
    const pnl = { daily: broker.daily, unrealized: null, realized: null };
    return ok({ account, modelCode: null, ...pnl, source: "broker", asOf: utcText(clock.nowMs()) });
  });
  view = await ControlView.open(gate, clock);
  wire = new Tripwire({ bus: gate, view, clock, log, service: "risk-gate", record: () => undefined });
  const actor = { kind: "operator", id: "operator" } as const;
  const at = utcText(clock.nowMs());
  await admin.append(
    FACTS.kill,
    { scope: "global" },
    { type: "kill/1", level: "ACTIVE", actor, reason: "test", at },
    { expectedSequence: 0 },
  );
  await gateway.ping();
});
afterAll(async () => {
  wire?.close();
  view?.close();
  await Promise.all(open.map((bus) => bus.drain()));
  await nats?.stop();
});

const watches: AccountWatch[] = [];
function watch(): AccountWatch {
  const deps = { bus: gate, view, wire, clock, accounts: () => [account], config: CONFIG, onMissing: () => undefined };
  const one = new AccountWatch(deps);
  watches.push(one);
  return one;
}

async function look(value: string): Promise<string> {
  broker.value = value;
  // Everything is profit and loss of one day that began with 100000.
  broker.daily = (Number(value) - 100_000).toFixed(2);
  const one = watch();
  await one.look();
  one.stop();
  await wire.idle();
  await view.refresh();
  return view.level(scopes).level;
}

async function reset(cause: string): Promise<void> {
  const key = `risk-gate.${cause}.account.${account}`;
  const trip = view.trips().find((one) => one.key === key);
  const last = await admin.readLast(FACTS.tripReset, { key });
  const actor = { kind: "operator", id: "operator" } as const;
  const at = utcText(clock.nowMs());
  const body = { type: "trip-reset/1", tripSequence: trip?.sequence ?? 1, actor, reason: "test", at } as const;
  await admin.append(FACTS.tripReset, { key }, body, { expectedSequence: last?.sequence ?? 0 });
  await view.refresh();
}

const marks = async () => (await gate.readLast(FACTS.accountMarks, { account }))?.body;
beforeEach(() => Object.assign(broker, { daily: "0", ageMs: 0, works: true }));

describe("the loss of the day", () => {
  test("starts where the broker's own reckoning says, and each limit acts exactly when it is reached", async () => {
    broker.daily = "-500";
    expect(await look("99500")).toBe("ACTIVE");
    expect(await marks()).toMatchObject({ dayStart: "100000", highWaterMark: "99500" });
    expect(await look("99000.01")).toBe("ACTIVE");
    expect(view.autoOff(scopes)).toBeUndefined();
    expect(await look("99000")).toBe("ACTIVE");
    expect(view.autoOff(scopes)).toContain("1 %");
    expect(await look("98000.01")).toBe("ACTIVE");
    expect(await look("98000")).toBe("REDUCE_ONLY");
    expect(await look("97000.01")).toBe("REDUCE_ONLY");
    expect(await look("97000")).toBe("HALTED");
  });

  test("a reset while the loss stands is tripped again at the next look", async () => {
    await reset("daily-loss");
    expect(view.level(scopes).level).toBe("ACTIVE");
    expect(await look("97000")).toBe("HALTED");
    expect(await look("99900")).toBe("HALTED");
    await reset("daily-loss");
    expect(await look("99900")).toBe("ACTIVE");
  });
});

describe("the drawdown", () => {
  test("is held against the highest value ever, which no restart lowers, only a person's reset", async () => {
    expect(await look("104000")).toBe("ACTIVE");
    expect(await look("99500")).toBe("ACTIVE");
    expect((await marks())?.highWaterMark).toBe("104000");
    expect(await look("98800.01")).toBe("ACTIVE");
    expect(view.trips().some(({ cause, level }) => cause === "drawdown" && level !== "NONE")).toBe(false);
    expect(await look("98800")).toBe("REDUCE_ONLY");
    expect(view.level(scopes).reason).toContain("drawdown");
    await reset("drawdown");
    await reset("daily-loss");
    expect(await look("99500")).toBe("ACTIVE");
    expect((await marks())?.highWaterMark).toBe("99500");
  });
});

describe("money that comes while no gate runs", () => {
  test("is no profit: the losses are not known until it is certain, and then every mark has it", async () => {
    const before = await marks();
    broker.daily = (Number(broker.value) - 100_000).toFixed(2);
    broker.value = (Number(broker.value) + 50_000).toFixed(2);
    const one = watch();
    await one.look();
    expect(await one.facts(account)).toMatchObject({ state: "missing", reason: expect.stringContaining("50000 more") });
    await one.look();
    expect((await one.facts(account)).state).toBe("missing");
    await one.look();
    expect(await one.facts(account)).toMatchObject({ state: "known", value: { deposit: { amount: "50000" } } });
    one.stop();
    const raised = (text: string | undefined) => String(Number(text) + 50_000);
    expect(await marks()).toMatchObject({
      ...{ dayStart: raised(before?.dayStart), highWaterMark: raised(before?.highWaterMark) },
      week: { start: raised(before?.week?.start) },
    });
  });
});

describe("values that cannot be had", () => {
  test.each([
    ["refused", { works: false }],
    ["too old", { ageMs: 5_000 }],
  ])("%s: first no policy approves, then REDUCE_ONLY, and both end with the values", async (_, change) => {
    Object.assign(broker, change);
    const one = watch();
    await one.look();
    expect(view.autoOff(scopes)).toBeUndefined();
    const until = async (fits: () => boolean) => {
      await expect
        .poll(
          async () => {
            await one.look();
            await wire.idle();
            await view.refresh();
            return fits();
          },
          { interval: 100 },
        )
        .toBe(true);
    };
    await until(() => view.autoOff(scopes) !== undefined);
    await until(() => view.level(scopes).level === "REDUCE_ONLY");
    Object.assign(broker, { works: true, ageMs: 0 });
    await one.look();
    await wire.idle();
    await view.refresh();
    one.stop();
    expect(view.level(scopes).level).toBe("ACTIVE");
  });
});

describe("a new day", () => {
  test("begins with what the gate saw last, not with a profit that the broker still counts to the day before", async () => {
    const one = watch();
    await one.look();
    const before = Number(broker.value);
    Object.assign(broker, { value: String(before + 5_000), daily: "5000" });
    await one.look();
    const old = await gate.readLast(FACTS.accountMarks, { account });
    if (old === undefined) throw new TypeError("no marks");
    const body = { ...old.body, session: "2020-01-01" };
    await gate.append(FACTS.accountMarks, { account }, body, { expectedSequence: old.sequence });
    await one.look();
    one.stop();
    expect((await marks())?.session).not.toBe("2020-01-01");
    expect((await marks())?.dayStart).toBe(String(before + 5_000));
  });
});
