import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { StoredInstrument } from "@countersign/contracts/messages/md-instruments.v1";
import { beforeEach, describe, expect, test } from "vitest";
import facts from "../../../../tests/contracts/golden/facts.json" with { type: "json" };
import { Absences } from "./absences.ts";
import { Instruments } from "./instruments.ts";
import { SeenInstruments } from "./seen-instruments.ts";

/** Time moves by hand here; that the store is a real stream and the source the real broker is shown elsewhere. */

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 10, 20, 15);
const EXAMPLE = facts.instrument[0]?.instrument as unknown as Instrument;
const HOURS = "20261120:0400-20261120:2000;20261121:CLOSED;20261122:CLOSED;20261123:0400-20261123:2000";

let clock: ManualClock;
let stored: Map<number, StoredInstrument>;
let asked: number;
let answer: () => Promise<Awaited<ReturnType<Instruments["get"]>>>;
let linkUp: boolean;

beforeEach(() => {
  clock = new ManualClock(START_MS);
  stored = new Map();
  asked = 0;
  linkUp = true;
  answer = async () => ok(described());
});

function described(change: Partial<Instrument> = {}) {
  const instrument = { ...EXAMPLE, tradingHours: HOURS, liquidHours: HOURS, ...change };
  return { instrument, source: "tws", asOf: utcText(clock.nowMs()) };
}

/** As after a start: nothing in memory. */
function open(): Instruments {
  const status = async () => ok({ link: linkUp ? "up" : "down", since: utcText(START_MS - DAY_MS) }) as never;
  const limits = { ttlMs: 30_000, confirmMs: 60_000, entriesMax: 10 };
  return new Instruments({
    clock,
    source: {
      contract: () => {
        asked += 1;
        return answer();
      },
    },
    config: { ttlMs: DAY_MS, hoursUnclearTtlMs: 3_600_000, entriesMax: 10 },
    store: {
      read: async (conid) => stored.get(conid),
      write: (known) => void stored.set(known.instrument.conid, known),
    },
    absences: new Absences({ clock, broker: { status } }, limits),
    seen: new SeenInstruments(10),
  });
}

describe("how long a description is taken", () => {
  test("for a day, also over a restart; then it is asked again", async () => {
    await open().get(265598);
    await clock.advance(DAY_MS - 1);
    expect(await open().get(265598)).toMatchObject({ outcome: "ok", value: { asOf: utcText(START_MS) } });
    expect(asked).toBe(1);
    await clock.advance(2);
    expect(await open().get(265598)).toMatchObject({ outcome: "ok", value: { asOf: utcText(START_MS + DAY_MS + 1) } });
    expect(asked).toBe(2);
  });

  test("not beyond the hours in it: they end on that day -> asked again the next", async () => {
    answer = async () => ok(described({ tradingHours: "20261120:0400-20261120:2000" }));
    const instruments = open();
    await instruments.get(265598);
    await clock.advance(8 * 3_600_000);
    await instruments.get(265598);
    expect(asked).toBe(1);
    await clock.advance(6 * 3_600_000);
    await instruments.get(265598);
    expect(asked).toBe(2);
  });

  test("an hour when its hours cannot be read", async () => {
    answer = async () => ok(described({ tradingHours: "?" }));
    const instruments = open();
    await instruments.get(265598);
    await clock.advance(3_600_001);
    await instruments.get(265598);
    expect(asked).toBe(2);
  });

  test("too old and the broker cannot be asked -> its fault, and never the old one", async () => {
    await open().get(265598);
    await clock.advance(DAY_MS + 1);
    answer = () => Promise.reject(new Fault("BROKER_UNAVAILABLE"));
    await expect(open().get(265598)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  });
});

describe("no such contract", () => {
  test("unknown for ever -> denied, and not asked again for a while", async () => {
    answer = async () => denied("UNKNOWN_INSTRUMENT");
    const instruments = open();
    for (let count = 0; count < 5; count += 1) {
      expect(await instruments.get(1)).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
    }
    expect(asked).toBe(1);
    await clock.advance(30_001);
    await instruments.get(1);
    expect(asked).toBe(2);
  });

  test("known before -> said to be gone only after the second time, with the last known name and its age", async () => {
    await open().get(265598);
    await clock.advance(DAY_MS + 1);
    answer = async () => denied("UNKNOWN_INSTRUMENT");
    const instruments = open();
    const lastKnown = { conid: 265598, symbol: "AAPL", name: "APPLE INC", asOf: utcText(START_MS), ageMs: DAY_MS + 1 };
    const first = await instruments.get(265598);
    expect(first).toMatchObject({ denial: { code: "UNKNOWN_INSTRUMENT", detail: { lastKnown } } });
    await clock.advance(60_000);
    const second = await instruments.get(265598);
    expect(second).toMatchObject({ denial: { code: "INSTRUMENT_GONE", detail: { lastKnown: { name: "APPLE INC" } } } });
    answer = async () => ok(described());
    await clock.advance(30_001);
    expect(await instruments.get(265598)).toMatchObject({ outcome: "ok" });
  });

  test("over a link that is not up -> a fault that may be repeated, and nothing is remembered", async () => {
    answer = async () => denied("UNKNOWN_INSTRUMENT");
    linkUp = false;
    const instruments = open();
    await expect(instruments.get(265598)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", retryable: true });
    linkUp = true;
    answer = async () => ok(described());
    expect(await instruments.get(265598)).toMatchObject({ outcome: "ok" });
  });
});
