import type { AccountMarks } from "@countersign/contracts/control";
import { toText } from "@countersign/money/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LookAfter } from "./cash-flow.ts";
import { Looks } from "./looks.ts";
import { nextMarks } from "./marks.ts";

const CONFIG = { flowPercentMin: "0.5", sessionZone: "America/New_York" };
const MONDAY = Date.parse("2026-11-23T15:00:00.000Z");
const DAY_MS = 86_400_000;

/** An account that earns, loses and is paid into, a gate that looks at it or does not, and the marks on record. */
class Story {
  value = 100_000;
  daily = 0;
  unrealized: number | null = 0;
  nowMs = MONDAY;
  marks: AccountMarks | undefined;
  resetAfter = 0;
  #looks = new Looks(CONFIG);
  #isAway = true;

  /** Nobody looks from here on; the process that does so next knows only what is on record. */
  leave(): void {
    this.#looks = new Looks(CONFIG);
    this.#isAway = true;
  }

  earn(amount: number): void {
    this.value += amount;
    this.daily += amount;
    if (this.unrealized !== null) this.unrealized += amount;
  }

  pay(amount: number): void {
    this.value += amount;
  }

  nextDay(): void {
    this.midnight();
    this.daily = 0;
  }

  /** The day ends where the account lives; the broker ends its own at another hour. */
  midnight(): void {
    this.nowMs += DAY_MS;
  }

  /** So many looks, a few seconds apart; the doubt that is left after them. */
  look(times = 1): string {
    let doubt = "0";
    for (let at = 0; at < times; at += 1) doubt = this.#lookOnce();
    return doubt;
  }

  #lookOnce(): string {
    this.nowMs += 5_000;
    const at = new Date(this.nowMs).toISOString();
    const session = at.slice(0, 10);
    const pnl = { daily: String(this.daily), unrealized: this.unrealized === null ? null : String(this.unrealized) };
    const look: LookAfter = { value: String(this.value), ...pnl, realized: null, at };
    const since = { marks: this.marks, session, isAway: this.#isAway };
    const start = session === this.marks?.session ? this.marks.dayStart : toText(this.#looks.dayStart(look, since));
    const moved = this.#looks.moved(look, since);
    this.#isAway = false;
    const value = { amount: look.value, currency: "USD" };
    const now = { session, monday: "2026-11-23", dayStart: start, value, rebaseAfter: 0, resetAfter: this.resetAfter };
    this.marks = this.#looks.withSeen(nextMarks(this.marks, { ...now, ...moved }, at), this.marks);
    return toText(this.#looks.uncertain(moved.flow));
  }
}

function lostThenLeft(): Story {
  const story = new Story();
  story.look(4);
  story.earn(-4_000);
  // The look on record is a minute old at the most; it need not be newer.
  story.look(20);
  story.leave();
  return story;
}

describe("a deposit while no gate runs", () => {
  test("on the same day is in doubt for three looks, and then raises every mark by itself", () => {
    const story = lostThenLeft();
    story.pay(50_000);
    expect(story.look()).toBe("50000");
    expect(story.look()).toBe("50000");
    expect(story.marks).toMatchObject({ highWaterMark: "100000", dayStart: "100000" });
    expect(story.look()).toBe("0");
    expect(story.marks).toMatchObject({ highWaterMark: "150000", dayStart: "150000", week: { start: "150000" } });
    expect(story.marks?.deposit?.amount).toBe("50000");
  });
  test("with a profit beside it: only the deposit raises the marks", () => {
    const story = lostThenLeft();
    story.pay(50_000);
    story.earn(1_000);
    story.look(3);
    expect(story.marks?.deposit?.amount).toBe("50000");
    expect(story.marks?.highWaterMark).toBe("150000");
  });
  test("before a new day raises the highest value and the start of the week; the new day begins with it", () => {
    const story = lostThenLeft();
    story.nextDay();
    story.pay(50_000);
    expect(story.look()).toBe("0");
    expect(story.marks).toMatchObject({ highWaterMark: "150000", dayStart: "146000", week: { start: "150000" } });
  });
  test("a profit over night that what is held shows is none", () => {
    const story = lostThenLeft();
    story.earn(3_000);
    story.nextDay();
    story.look();
    expect(story.marks).toMatchObject({ highWaterMark: "100000", dayStart: "99000" });
    expect(story.marks?.deposit).toBeUndefined();
  });
  test("where the broker tells nothing of what is held, a rise over night counts as one: limits only become stricter", () => {
    const story = new Story();
    story.unrealized = null;
    story.look(4);
    story.earn(3_000);
    story.leave();
    story.nextDay();
    story.look();
    expect(story.marks).toMatchObject({ highWaterMark: "103000", deposit: { amount: "3000" } });
  });
  test("what is held was told before and is not now: the look fails, and nothing is judged by it", () => {
    const story = lostThenLeft();
    story.nextDay();
    story.unrealized = null;
    expect(() => story.look()).toThrow("what is held");
  });
  test.each([
    ["at the least step", 480, "100480"],
    ["below it", 479, "100000"],
  ])("%s of the value of then", (_, amount, highest) => {
    const story = lostThenLeft();
    story.nextDay();
    story.pay(amount);
    story.look();
    expect(story.marks?.highWaterMark).toBe(highest);
  });
});

describe("a withdrawal while no gate runs", () => {
  test("on the same day counts as a loss, is noted, and a person's reset takes it off every mark", () => {
    const story = lostThenLeft();
    story.pay(-20_000);
    expect(story.look(3)).toBe("0");
    expect(story.marks).toMatchObject({ highWaterMark: "100000", dayStart: "100000", withdrawn: "20000" });
    story.resetAfter = 7;
    story.look();
    expect(story.marks).toMatchObject({ highWaterMark: "80000", dayStart: "80000", week: { start: "80000" } });
    expect(story.marks?.withdrawn).toBeUndefined();
  });
  test("before a new day: the new day began without it, so the reset leaves its start where it is", () => {
    const story = lostThenLeft();
    story.nextDay();
    story.pay(-20_000);
    story.look();
    expect(story.marks).toMatchObject({ highWaterMark: "100000", dayStart: "76000", withdrawn: "20000" });
    story.resetAfter = 7;
    story.look();
    expect(story.marks).toMatchObject({ highWaterMark: "80000", dayStart: "76000", week: { start: "80000" } });
    expect(story.marks?.withdrawnSince).toBeUndefined();
  });
  test("seen yesterday and reset today: the start of today is not lowered by it", () => {
    const story = new Story();
    story.look(4);
    story.pay(-20_000);
    story.look(4);
    story.nextDay();
    story.look();
    expect(story.marks).toMatchObject({ dayStart: "80000", withdrawn: "20000", withdrawnSince: { day: "0" } });
    story.resetAfter = 7;
    story.look();
    expect(story.marks).toMatchObject({ highWaterMark: "80000", dayStart: "80000", week: { start: "80000" } });
  });
});

describe("a day that begins while the gate looks on", () => {
  test("a profit that the broker still counts to the day before hides no loss of the new one", () => {
    const story = new Story();
    story.look(4);
    story.earn(5_000);
    story.look(4);
    story.midnight();
    story.look();
    expect(story.marks?.dayStart).toBe("105000");
    story.daily = 0;
    story.earn(-4_000);
    story.look(4);
    expect(story.marks).toMatchObject({ dayStart: "105000", highWaterMark: "105000" });
  });
  test("a loss since the broker's own day began counts, as before", () => {
    const story = new Story();
    story.look(4);
    story.earn(-4_000);
    story.look(4);
    story.midnight();
    story.look();
    expect(story.marks?.dayStart).toBe("100000");
  });
  test("what was lost between the last look before midnight and the first one after it is a loss of the new day", () => {
    const story = new Story();
    story.look(4);
    story.nextDay();
    story.value -= 300;
    story.look();
    expect(story.marks?.dayStart).toBe("100000");
  });
  test.each([1, 2, 3])("a deposit that was seen %s times before midnight raises every mark once", (looks) => {
    const story = new Story();
    story.look(4);
    story.pay(50_000);
    story.look(looks);
    story.nextDay();
    story.look(4);
    expect(story.marks).toMatchObject({ dayStart: "150000", highWaterMark: "150000", week: { start: "150000" } });
  });
  test.each([1, 2])(
    "a withdrawal that was seen %s times before midnight: a person's reset takes it off once",
    (looks) => {
      const story = new Story();
      story.look(4);
      story.pay(-20_000);
      story.look(looks);
      story.nextDay();
      story.look(4);
      expect(story.marks).toMatchObject({ dayStart: "100000", withdrawn: "20000" });
      story.resetAfter = 7;
      story.look();
      expect(story.marks).toMatchObject({ dayStart: "80000", highWaterMark: "80000", week: { start: "80000" } });
    },
  );
});

test("no order of profits, losses, deposits, absences and days hides a drawdown", () => {
  const step = fc.record({
    profit: fc.integer({ min: -4_000, max: 4_000 }),
    deposit: fc.constantFrom(0, 0, 30_000),
    leaves: fc.boolean(),
    newDay: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) => {
      const story = new Story();
      let [earned, highest] = [100_000, 100_000];
      story.look(4);
      for (const { profit, deposit, leaves, newDay } of steps) {
        if (leaves) story.leave();
        story.earn(profit);
        story.pay(deposit);
        if (newDay && leaves) story.nextDay();
        story.look(20);
        earned += profit;
        // What was earned and lost again while nobody looked nobody knows.
        highest = Math.max(highest, earned);
      }
      expect(Number(story.marks?.highWaterMark) - story.value).toBeGreaterThanOrEqual(highest - earned);
    }),
    { numRuns: 300, seed: 6 },
  );
});
