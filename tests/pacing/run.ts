import { createSystemClock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { LIMITS } from "../../services/market-data/src/pacing/limits.ts";
import { type Allowance, fairWaitMs } from "../../services/market-data/src/pacing/testing/fair-share.ts";
import { testConfig } from "../../services/market-data/src/test-config.ts";
import { MarketWorld } from "../../services/market-data/src/testing/market-world.ts";
import { buildBook } from "../../services/tws-simulator/src/market/book.ts";

const clock = createSystemClock();
const BARS = {
  short: { barSize: "30 secs", duration: "1800 S" },
  daily: { barSize: "1 day", duration: "1 M" },
} as const;
/** The bars and the past sessions of the instrument. */
const MESSAGES_EACH = 2;
/** No window of the broker holds them up. */
const UNBOUNDED = 1_000_000_000;
/** Long enough for an answer that needs no wait, short enough that any real wait is told. */
const FIRST_WAIT_MS = 300;
const LONG_WAIT_MS = 20_000;
/** So long before its turn an asker comes back to wait for it, so that the moment of the answer is seen. */
const EARLY_MS = 15_000;
/** An estimate that was too long must not hide that the answer is there. */
const LOOK_EVERY_MS = 5_000;
const AGAIN_AFTER_MS = 500;
/** No share of a limit is worth naming below. */
const LEAST_WAIT_MS = 1_000;

export interface PacingRunOptions {
  readonly agents: number;
  readonly instruments: number;
  /** By this the broker's windows for historical data are shortened, in market-data and in the simulator alike. */
  readonly timeScale: number;
  /** "short": of 30 s, 60 in ten minutes. "daily": only the messages of a second hold them up. */
  readonly bars: keyof typeof BARS;
}

export interface PacingRun {
  /** Errors that the simulator sent because of its pacing, and violations that market-data noticed. */
  readonly violations: number;
  readonly answered: number;
  readonly requestsOfBars: number;
  readonly tookMs: number;
  readonly estimates: readonly Estimate[];
  /** `share`: the longest that an answer took, over the fair share of its agent. */
  readonly perAgent: readonly { readonly agent: string; readonly lastMs: number; readonly share: number }[];
}

/** What one question was told of its wait, and what came of it. */
export interface Estimate {
  /** From the first question of all. */
  readonly atMs: number;
  readonly estimateMs: number;
  readonly waitMs: number;
  /** |estimate - wait| / wait. */
  readonly error: number;
  /** Told before everybody had asked: others came in between. */
  readonly early: boolean;
}

interface Told {
  readonly atMs: number;
  readonly estimateMs: number;
  readonly early: boolean;
}
interface Question {
  readonly agent: string;
  readonly conid: number;
  readonly bars: (typeof BARS)[keyof typeof BARS];
  readonly told: Told[];
  answeredMs: number;
}

/** Agents who all ask at once for bars that the broker paces hard, over the real processes and their sockets. */
export async function pacingRun({ agents, instruments, timeScale, bars }: PacingRunOptions): Promise<PacingRun> {
  const stocks = [...buildBook(instruments).values()].filter(({ secType }) => secType === "STK").slice(-instruments);
  const { pacing } = testConfig();
  const world = await MarketWorld.open({
    simulator: ["--stocks", String(instruments)],
    config: {
      // The agents' own limit is apart from the broker's and not what is looked at.
      "market-data.yaml": { "pacing.timeScale": timeScale, "pacing.agentPerMinute": 60_000 },
    },
  });
  try {
    await beStrict(world, timeScale);
    const questions = stocks.map(({ conId }, index): Question => {
      return { agent: `agent-${index % agents}`, conid: conId, bars: BARS[bars], told: [], answeredMs: 0 };
    });
    await Promise.all(questions.map((question) => describe(world, question)));
    const before = await world.simulator.frames();
    const startMs = clock.monotonicMs();
    await askAll(world, questions, startMs);
    const frames = await world.simulator.frames();
    const share = (max: number) => max - Math.ceil(max * pacing.gateShare);
    const allowance = {
      perWindow: bars === "short" ? share(pacing.max.historical) : UNBOUNDED,
      windowMs: LIMITS.historical.windowMs / timeScale + pacing.marginMs,
      perSecond: share(pacing.max.messages) / MESSAGES_EACH,
      secondMs: 1_000,
    };
    return {
      violations: await violations(world),
      answered: questions.filter(({ answeredMs }) => answeredMs > 0).length,
      requestsOfBars: (frames.reqHistoricalData ?? 0) - (before.reqHistoricalData ?? 0),
      tookMs: clock.monotonicMs() - startMs,
      ...judged(questions, allowance),
    };
  } finally {
    await world.close();
  }
}

async function beStrict({ simulator }: MarketWorld, timeScale: number): Promise<void> {
  await simulator.control("POST", "/faults", { action: "messagePacing", perSecond: 50, strikesMax: 1 });
  const windows = {
    windowMs: Math.round(LIMITS.historical.windowMs / timeScale),
    identicalMs: Math.round(LIMITS.identical.windowMs / timeScale),
    burstMs: Math.round(LIMITS.burst.windowMs / timeScale),
  };
  await simulator.control("POST", "/faults", { action: "historicalPacing", ...windows });
}

/** An agent knows an instrument before it asks for its bars. */
async function describe(world: MarketWorld, { agent, conid }: Question): Promise<void> {
  for (;;) {
    const reply = await unlessLate(world.edge.request(RPCS.contract, { conid, asker: agent }));
    if (reply?.outcome === "ok") return;
    if (reply !== undefined) await clock.sleep(waitOf(reply.denial));
  }
}

async function askAll(world: MarketWorld, questions: readonly Question[], startMs: number): Promise<void> {
  await Promise.all(questions.map((question) => ask(world, question, startMs, { waitMs: FIRST_WAIT_MS, early: true })));
  const open = questions.filter(({ answeredMs }) => answeredMs === 0);
  await Promise.all(open.map((question) => ask(world, question, startMs, { waitMs: FIRST_WAIT_MS, early: false })));
  await Promise.all(
    open.map(async (question) => {
      while (question.answeredMs === 0) {
        const estimateMs = question.told.at(-1)?.estimateMs ?? 0;
        if (estimateMs > LONG_WAIT_MS) await clock.sleep(Math.min(estimateMs - EARLY_MS, LOOK_EVERY_MS));
        await ask(world, question, startMs, { waitMs: LONG_WAIT_MS, early: false });
      }
    }),
  );
}

async function ask(
  world: MarketWorld,
  question: Question,
  startMs: number,
  how: { readonly waitMs: number; readonly early: boolean },
): Promise<void> {
  const bars = { ...question.bars, whatToShow: "TRADES", regularHoursOnly: true } as const;
  const reply = await unlessLate(
    world.edge.request(RPCS.bars, {
      ...{ ...bars, from: null, until: null, maxPoints: 100, maxAgeMs: 300_000, maxWaitMs: how.waitMs },
      ...{ conid: question.conid, asker: question.agent },
    }),
  );
  if (reply === undefined) return;
  const atMs = clock.monotonicMs() - startMs;
  if (reply.outcome === "ok") question.answeredMs = atMs;
  else question.told.push({ atMs, estimateMs: waitOf(reply.denial), early: how.early });
}

/** Undefined: there was no answer, and it may be asked for again. */
function unlessLate<T>(asking: Promise<T>): Promise<T | undefined> {
  return asking.catch(async (error: unknown) => {
    if (!(error instanceof Fault) || !error.retryable) throw error;
    if (error.code !== "TIMEOUT") await clock.sleep(AGAIN_AFTER_MS);
    return undefined;
  });
}

function waitOf(denial: { readonly code: string; readonly detail?: Record<string, unknown> | undefined }): number {
  const waitMs = denial.detail?.estimatedWaitMs;
  if (denial.code !== "PACING_WAIT" || typeof waitMs !== "number") throw new Error(`refused: ${denial.code}`);
  return waitMs;
}

/** Error codes of a simulator that nobody asks for anything that it does not have. */
async function violations(world: MarketWorld): Promise<number> {
  const { errors } = (await world.simulator.control("GET", "/stats")) as { errors: Record<string, number> };
  const told = (errors["100"] ?? 0) + (errors["162"] ?? 0) + (errors["420"] ?? 0);
  const stats = await world.admin.request(RPCS.marketStats, {});
  const noticed = stats.outcome === "ok" ? (stats.value.pacing as { violations: number }).violations : Number.NaN;
  return told + noticed;
}

function judged(questions: readonly Question[], allowance: Allowance) {
  const estimates = questions.flatMap(({ told, answeredMs }) =>
    told
      .map(({ atMs, estimateMs, early }) => ({ atMs, estimateMs, early, waitMs: answeredMs - atMs }))
      .filter(({ waitMs }) => waitMs >= LEAST_WAIT_MS)
      .map((one) => ({ ...one, error: Math.abs(one.estimateMs - one.waitMs) / one.waitMs })),
  );
  const byAgent = Object.entries(Object.groupBy(questions, ({ agent }) => agent)).map(([agent, own = []]) => {
    return { agent, waits: own.map(({ answeredMs }) => answeredMs).sort((a, b) => a - b) };
  });
  const asked = byAgent.map(({ waits }) => waits.length);
  const shareOf = (waitMs: number, index: number) =>
    waitMs / Math.max(LEAST_WAIT_MS, fairWaitMs(index + 1, asked, allowance));
  return {
    estimates,
    perAgent: byAgent.map(({ agent, waits }) => {
      return { agent, lastMs: waits.at(-1) ?? 0, share: Math.max(...waits.map(shareOf)) };
    }),
  };
}
