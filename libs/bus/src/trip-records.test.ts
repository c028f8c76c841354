import { createSystemClock } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { Fault } from "@countersign/contracts/denial";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bus, connectBus } from "./bus.ts";
import { ControlView } from "./control-view.ts";
import { Tripwire } from "./tripwire.ts";

const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });
const TRIP = { cause: "drawdown", scope: "global", level: "HALTED", reason: "5 %", evidence: {} } as const;

let nats: TestNats;
let bus: Bus;
let view: ControlView;
let wire: Tripwire<"risk-gate"> | undefined;
beforeEach(async () => {
  nats = await startTestNats();
  const { url, keysDir } = nats;
  bus = await connectBus({ url, keysDir, users: ["risk-gate"], service: "risk-gate", clock, log });
  view = await ControlView.open(bus, clock);
});
afterEach(async () => {
  wire?.close();
  view.close();
  await bus.drain();
  await nats.stop();
});

/**
 * A wire of which the given tries end without an answer, although the server has stored what they brought. `hears`: the
 * copy of it arrives; otherwise it is seen at the next refresh only, as after a connection that broke.
 */
function wireOf(unanswered: number, hears: boolean): { records: AuditEntry[]; tries: () => number } {
  const records: AuditEntry[] = [];
  let tries = 0;
  let refreshed = false;
  const seen: ConstructorParameters<typeof Tripwire>[0]["view"] = {
    trips: () => (hears || refreshed ? view.trips() : []),
    onChange: (listener) => view.onChange(listener),
    refresh: async () => {
      await view.refresh();
      refreshed = true;
    },
  };
  const append: Bus["append"] = async (...given) => {
    tries += 1;
    const answer = await bus.append(...given);
    if (tries <= unanswered) throw new Fault("OUTCOME_UNKNOWN", "no acknowledgement");
    return answer;
  };
  wire = new Tripwire({
    bus: { append },
    view: seen,
    clock,
    log,
    service: "risk-gate",
    record: (one) => records.push(one),
  });
  wire.trip(TRIP);
  return { records, tries: () => tries };
}

test.each([
  { unanswered: 0, hears: true, written: 1 },
  { unanswered: 1, hears: true, written: 1 },
  { unanswered: 1, hears: false, written: 2 },
])(
  "a stop with $unanswered writes that nobody answered, its copy heard: $hears -> on record once, stored once",
  async (one) => {
    const { records, tries } = wireOf(one.unanswered, one.hears);
    await expect.poll(() => wire?.unwritten({}), { timeout: PATIENCE_MS }).toBeUndefined();
    expect(view.trips()).toMatchObject([{ level: "HALTED", sequence: 1, trip: { reason: "5 %" } }]);
    expect(records.map(({ kind, body }) => [kind, body.key])).toEqual([["kill.tripped", "risk-gate.drawdown.global"]]);
    expect(tries()).toBe(one.written);
  },
);
