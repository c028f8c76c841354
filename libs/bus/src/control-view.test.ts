import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import type { Bus } from "./bus.ts";
import { ControlView, STALE_AFTER_MS } from "./control-view.ts";
import type { Followed, LiveMessage } from "./live-stream.ts";

const AT = "2026-11-20T10:00:00.000Z";
const GLOBAL = "$KV.CONTROL.kill.global";
const ACTIVE = { type: "kill/1", level: "ACTIVE", actor: { kind: "operator", id: "ada" }, reason: "go", at: AT };
const HALTED = { ...ACTIVE, level: "HALTED", reason: "stop" };
const STEP = { type: "trip/1", level: "HALTED", reason: "clock", evidence: [], at: AT };

/** Time of which the wall clock alone can be stepped. */
class SteppedClock extends ManualClock {
  stepMs = 0;
  override nowMs(): number {
    return super.nowMs() + this.stepMs;
  }
}

/** The control stream as its leader has it, and the copies that reach one process. */
class Stream implements Followed {
  up = true;
  answers = true;
  questions = 0;
  readonly stored: LiveMessage[] = [];
  lastSequence = 0;
  #tell: (state: "down" | "up") => void = () => undefined;
  onMessage: (message: LiveMessage) => void = () => undefined;

  store(subject: string, body: object): LiveMessage {
    this.lastSequence += 1;
    const message = { subject, sequence: this.lastSequence, text: JSON.stringify(body) };
    this.stored.push(message);
    return message;
  }
  /** Stored, and its copy arrives. */
  publish(subject: string, body: object): void {
    this.onMessage(this.store(subject, body));
  }
  onChange(listener: (state: "down" | "up") => void): void {
    this.#tell = listener;
  }
  connection(state: "down" | "up"): void {
    this.up = state === "up";
    this.#tell(state);
  }
  async info(filter?: string) {
    this.questions += 1;
    if (!this.answers) throw new Error("nobody answers");
    const prefix = filter?.replace(">", "");
    const subjects = new Set(
      this.stored.map(({ subject }) => subject).filter((one) => prefix && one.startsWith(prefix)),
    );
    return { lastSequence: this.lastSequence, subjects: [...subjects] };
  }
  async last(subject: string) {
    return this.stored.findLast((one) => one.subject === subject);
  }
  async at(sequence: number) {
    return this.stored.find((one) => one.sequence === sequence);
  }
  closed = false;
  close = (): void => {
    this.closed = true;
  };
}

async function opened(options: { answers?: boolean } = {}) {
  const clock = new SteppedClock(1_000_000);
  const stream = new Stream();
  stream.answers = options.answers ?? true;
  stream.store(GLOBAL, ACTIVE);
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const follow = (_: unknown, onMessage: (message: LiveMessage) => void) => {
    stream.onMessage = onMessage;
    return stream;
  };
  const view = await ControlView.open({ follow, log: silent } as unknown as Pick<Bus, "follow" | "log">, clock);
  return { clock, stream, view, level: () => view.level({}).level };
}

test("what the leader has stands in it from the start; a leader that does not answer is HALTED until it does", async () => {
  const { view, level } = await opened();
  expect([level(), view.sequence(), view.fresh()]).toEqual(["ACTIVE", 1, true]);
  const late = await opened({ answers: false });
  expect(late.view.level({})).toEqual({ level: "HALTED", reason: "the kill switch could not be confirmed" });
  late.stream.answers = true;
  await late.clock.advance(400);
  expect(late.level()).toBe("ACTIVE");
});

test("a copy of a stop holds at once, and listeners hear of it", async () => {
  const { stream, view, level } = await opened();
  let heard = 0;
  view.onChange(() => {
    heard += 1;
  });
  stream.publish(GLOBAL, HALTED);
  expect([level(), heard, view.sequence()]).toEqual(["HALTED", 1, 2]);
});

test("unconfirmed for longer than the bound is HALTED, and not before; an answer ends it", async () => {
  const { clock, stream, view, level } = await opened();
  stream.answers = false;
  await clock.advance(STALE_AFTER_MS);
  expect([view.fresh(), level()]).toEqual([true, "ACTIVE"]);
  await clock.advance(1);
  expect([view.fresh(), level()]).toEqual([false, "HALTED"]);
  stream.answers = true;
  await clock.advance(400);
  expect([view.fresh(), level()]).toEqual([true, "ACTIVE"]);
});

test("what the leader confirms counts from the question, not from a late answer", async () => {
  const { clock, stream, view } = await opened();
  const { promise, resolve } = Promise.withResolvers<void>();
  const info = stream.info.bind(stream);
  stream.info = async (filter) => {
    const answer = await info(filter);
    await promise;
    return answer;
  };
  await clock.advance(STALE_AFTER_MS + 1);
  expect(view.fresh()).toBe(false);
  stream.answers = false;
  resolve();
  await clock.advance(0);
  expect(view.fresh()).toBe(true);
  // The first of the late answers belongs to a question of 400 ms after the start.
  await clock.advance(3 * STALE_AFTER_MS);
  expect(view.fresh()).toBe(false);
});

test("a copy that was lost is noticed by the next one, and by the leader's word when none comes", async () => {
  const gap = await opened();
  gap.stream.store(GLOBAL, HALTED);
  gap.stream.publish("$KV.CONTROL.kill.agent.a", ACTIVE);
  // Until it was read again nothing counts as known.
  expect([gap.view.fresh(), gap.level()]).toEqual([false, "HALTED"]);
  await gap.clock.advance(0);
  expect([gap.view.fresh(), gap.level(), gap.view.sequence()]).toEqual([true, "HALTED", 3]);
  const quiet = await opened();
  quiet.stream.store(GLOBAL, HALTED);
  expect(quiet.level()).toBe("ACTIVE");
  await quiet.clock.advance(400);
  expect([quiet.level(), quiet.view.sequence()]).toEqual(["HALTED", 2]);
});

test("a copy that comes twice or late changes nothing; an own write is known before its copy", async () => {
  const { stream, view, level } = await opened();
  const first = stream.stored[0];
  stream.publish(GLOBAL, HALTED);
  if (first !== undefined) stream.onMessage(first);
  expect([level(), view.sequence()]).toEqual(["HALTED", 2]);
  const own = stream.store("$KV.CONTROL.kill.agent.a", ACTIVE);
  view.acknowledge(own.sequence + 1);
  expect(view.sequence()).toBe(2);
  view.acknowledge(own.sequence);
  expect(view.sequence()).toBe(3);
  stream.onMessage(own);
  expect([view.sequence(), view.fresh()]).toEqual([3, true]);
});

test("a stream that ends before what was seen of it confirms nothing any more, though it answers", async () => {
  const { clock, stream, view, level } = await opened();
  stream.publish(GLOBAL, { ...ACTIVE, reason: "again" });
  stream.lastSequence = 1;
  await clock.advance(400);
  expect([view.fresh(), level()]).toEqual([false, "HALTED"]);
  await expect(view.refresh()).rejects.toThrow("the control stream went back from 2 to 1");
  await clock.advance(4_000);
  expect(view.fresh()).toBe(false);
});

test("a connection that went is HALTED at once; when it is back all is read again", async () => {
  const { clock, stream, view, level } = await opened();
  const { questions } = stream;
  let heard = 0;
  view.onChange(() => {
    heard += 1;
  });
  stream.connection("down");
  expect([view.fresh(), level(), heard]).toEqual([false, "HALTED", 1]);
  await clock.advance(4_000);
  expect(stream.questions).toBe(questions);
  stream.store(GLOBAL, { ...HALTED, level: "REDUCE_ONLY" });
  stream.connection("up");
  await clock.advance(0);
  expect([view.fresh(), level()]).toEqual([true, "REDUCE_ONLY"]);
  // Once that it is back, and once that all was read.
  expect(heard).toBe(3);
});

test("what is stored while the keys are listed is not taken for known", async () => {
  const { clock, stream, view } = await opened();
  const info = stream.info.bind(stream);
  let stored = false;
  stream.info = (filter) => {
    const answer = info(filter);
    if (!stored) stream.store("$KV.CONTROL.kill.agent.a", HALTED);
    stored = true;
    return answer;
  };
  await view.refresh();
  expect([view.sequence(), view.level({ agent: "a" }).level]).toEqual([1, "ACTIVE"]);
  await clock.advance(400);
  expect([view.sequence(), view.level({ agent: "a" }).level]).toEqual([2, "HALTED"]);
});

test.each([
  [5_000, "ACTIVE"],
  [5_001, "HALTED"],
  [-5_001, "HALTED"],
  [3_600_000, "HALTED"],
])("a wall clock that was stepped by %d ms -> %s", async (stepMs, expected) => {
  const { clock, view, level } = await opened();
  clock.stepMs = stepMs;
  expect([level(), view.clockStepMs() !== 0]).toEqual([expected, expected === "HALTED"]);
});

test("a step is this process's own to remember until a trip tells everybody; a person's reset of that lets go", async () => {
  const { clock, stream, view, level } = await opened();
  clock.stepMs = 3_600_000;
  await clock.advance(400);
  expect(view.level({}).reason).toBe("the clock was stepped by 3600000 ms");
  stream.publish("$KV.CONTROL.trip.broker-gateway.clock-step.global", STEP);
  await clock.advance(400);
  expect([view.clockStepMs(), level()]).toEqual([0, "HALTED"]);
  const reset = { type: "trip-reset/1", tripSequence: 2, actor: ACTIVE.actor, reason: "seen", at: AT };
  stream.publish("$KV.CONTROL.reset.broker-gateway.clock-step.global", reset);
  expect(level()).toBe("ACTIVE");
  // A trip that was reset tells nobody of the next step.
  clock.stepMs = 0;
  await clock.advance(400);
  expect([view.clockStepMs(), level()]).toEqual([-3_600_000, "HALTED"]);
});

test("a stop for another cause tells nobody of a step", async () => {
  const { clock, stream, view } = await opened();
  clock.stepMs = 60_000;
  stream.publish("$KV.CONTROL.trip.broker-gateway.audit-lag.global", STEP);
  await clock.advance(400);
  expect(view.clockStepMs()).toBe(60_000);
});

test("a stop of this machine alone counts beside what is stated, and the stricter one is told", async () => {
  const { stream, view } = await opened();
  view.alsoStop(({ agent }) => (agent === "a" ? { level: "HALTED", reason: "latch" } : undefined));
  expect(view.level({ agent: "a" })).toEqual({ level: "HALTED", reason: "latch" });
  expect(view.level({ agent: "b" }).level).toBe("ACTIVE");
  stream.publish(GLOBAL, HALTED);
  expect(view.level({ agent: "a" }).reason).toBe("global: stop");
  expect(view.stated({ agent: "a" }).reason).toBe("global: stop");
});

test("a policy approves nothing while a trip says so, nor while it is not ACTIVE", async () => {
  const { stream, view } = await opened();
  expect(view.autoOff({})).toBeUndefined();
  stream.publish("$KV.CONTROL.trip.admin-api.operator-absent.global", {
    ...STEP,
    level: "AUTO_OFF",
    reason: "too many",
  });
  expect([view.level({}).level, view.autoOff({})]).toEqual(["ACTIVE", "admin-api.operator-absent.global: too many"]);
  stream.publish(GLOBAL, HALTED);
  expect(view.autoOff({})).toBe("global: stop");
});

test("questions at once are one reading; a view that is closed asks no more", async () => {
  const { clock, stream, view } = await opened();
  const { questions } = stream;
  await Promise.all([view.refresh(), view.refresh(), view.refresh()]);
  expect(stream.questions).toBe(questions + 3);
  view.close();
  await clock.advance(4_000);
  expect([stream.closed, stream.questions]).toEqual([true, questions + 3]);
});

test("settings, trips and the writer are told as they stand", async () => {
  const { stream, view } = await opened();
  const writer = { type: "writer/1", epoch: 4, instance: "abcdefgh", at: AT };
  stream.publish("$KV.CONTROL.writer.broker-gateway", writer);
  expect(view.writerEpoch()).toEqual(writer);
  expect(view.settings()).toMatchObject([{ scope: "global", sequence: 1 }]);
  expect(view.trips()).toEqual([]);
});
