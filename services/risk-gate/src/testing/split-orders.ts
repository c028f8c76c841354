import type { OrderTerms } from "@countersign/contracts/order";
import fc from "fast-check";
import { WINDOWS } from "../counters/counts.ts";
import { known } from "../facts/fact.ts";
import { notionalOverTime } from "../rules/notional-over-time.ts";
import { resultOf } from "../rules/rule.ts";
import { AT, FACTS, POLICY, TERMS } from "../test-facts.ts";
import { OrderLog } from "./order-log.ts";

/** What one unit of the order of the tests costs, in cents. */
const UNIT = 23_002;
const LIMITS = { minute: 100, hour: 250, day: 600 } as const;
const BUCKETS = 60;
const FATES = ["WORKING", "killedNotSent/1", "brokerRejected/1", "lost/1", "cancelRequested/1"] as const;

interface Sent {
  readonly atMs: number;
  readonly units: number;
  released: boolean;
}

/** One order or one part of it: when it comes after the one before, how much, what becomes of it, whether the gate starts anew before it. */
const step = fc.record({
  afterMs: fc.oneof(fc.nat(2_000), fc.nat(60_000), fc.nat(4_000_000)),
  units: fc.integer({ min: 1, max: 110 }),
  fate: fc.constantFrom(...FATES),
  restart: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
});

/**
 * Random orders cut into random parts, judged by the counters of a real fold and sent when they pass: against a naive list
 * of what was sent. Throws when a window ever holds more than its limit, or when a part is refused that fits for sure.
 */
export function splitOrders(runs: number, seed: number): { passed: number; refused: number } {
  const seen = { passed: 0, refused: 0 };
  const property = fc.property(fc.array(step, { minLength: 2, maxLength: 25 }), (steps) => {
    const log = new OrderLog();
    let gate = log.gate();
    const sent: Sent[] = [];
    for (const [at, { afterMs, units, fate, restart }] of steps.entries()) {
      log.clock.jump(afterMs);
      if (restart) {
        log.end();
        gate = log.gate();
      }
      const terms = { ...TERMS, quantity: String(units) } as OrderTerms;
      const counters = known(gate.of({ agent: "agent-1", terms }, [FACTS]), "orders", AT);
      const found = resultOf(notionalOverTime, { terms, facts: { ...FACTS, counters }, limits, policy: POLICY });
      const nowMs = log.clock.nowMs();
      if (found.outcome === "deny") {
        seen.refused += 1;
        if (fitsForSure(sent, units, nowMs)) throw new Error(`refused without need: ${found.message}`);
        continue;
      }
      seen.passed += 1;
      log.send(`p${at}`, text(units * UNIT), "agent-1", terms);
      if (fate !== "WORKING") log.write(`p${at}`, "exec", fate, { code: null, text: "" });
      // The broker refuses only what was sent; before that the fold has no such edge, and the order counts.
      sent.push({ atMs: nowMs, units, released: fate === "killedNotSent/1" });
      const broken = beyond(sent, nowMs);
      if (broken !== undefined) throw new Error(`more than ${broken} was sent`);
    }
  });
  fc.assert(property, { numRuns: runs, seed });
  return seen;
}

const table = {
  minute: text(LIMITS.minute * UNIT),
  hour: text(LIMITS.hour * UNIT),
  day: text(LIMITS.day * UNIT),
  currency: "USD",
};
const limits = { agent: table, account: table, instrument: table };

function beyond(sent: readonly Sent[], nowMs: number): string | undefined {
  return (["minute", "hour", "day"] as const).find((name) => unitsWithin(sent, nowMs, WINDOWS[name]) > LIMITS[name]);
}

/** With all that a window may hold for a bucket too long. */
function fitsForSure(sent: readonly Sent[], units: number, nowMs: number): boolean {
  return (["minute", "hour", "day"] as const).every((name) => {
    const longest = WINDOWS[name] + (2 * WINDOWS[name]) / BUCKETS;
    return unitsWithin(sent, nowMs, longest) + units <= LIMITS[name];
  });
}

function unitsWithin(sent: readonly Sent[], nowMs: number, lengthMs: number): number {
  const counts = sent.filter(({ atMs, released }) => !released && nowMs - atMs < lengthMs);
  return counts.reduce((sum, { units }) => sum + units, 0);
}

function text(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}
