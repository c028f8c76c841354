import type { AgentUsage, EdgeUsage, Windows } from "@countersign/contracts/messages/edge-usage.v1";
import type { UsageConfig } from "./usage-config.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface Now {
  readonly nowMs: number;
  /** In the zone of the sessions. */
  readonly date: string;
}

export type Refusal =
  | { readonly refused: "RATE_LIMITED"; readonly waitMs: number; readonly what: string }
  | { readonly refused: "SESSION_ENDED"; readonly date: string };

/** So many calls are written down at once and then used: a part of the tightest limit, so that one alone never holds up the others. */
const BLOCK_PART = 20;

interface Limit {
  readonly what: string;
  readonly used: number;
  readonly max: number;
  readonly waitMs: number;
}

/** Pure. The usage with some calls more, or why there is no room for one. */
export function reserveOfAgent(
  before: AgentUsage | undefined,
  tool: string,
  config: UsageConfig,
  now: Now,
): { readonly usage: AgentUsage; readonly calls: number } | Refusal {
  const session = sessionAt(before, now);
  const fresh = before?.session.date !== session.date;
  if (hasEnded(session, config, now)) return { refused: "SESSION_ENDED", date: session.date };
  const tools = fresh ? {} : (before?.tools ?? {});
  const ofTool = { sessionCalls: 0, ...before?.tools[tool], ...windowsAt(before?.tools[tool], now) };
  const sessionCalls = fresh ? 0 : ofTool.sessionCalls;
  const all = windowsAt(before?.all, now);
  const max = config.tools[tool] ?? config.everyTool;
  const limits = [
    ...limitsOf(`${tool}`, ofTool, max, now),
    { what: `${tool} in a session`, used: sessionCalls, max: max.perSession, waitMs: HOUR_MS },
    ...limitsOf("all tools", all, config.agent, now),
  ];
  const calls = roomIn(limits);
  if (typeof calls !== "number") return calls;
  const counted = { ...plus(ofTool, calls), sessionCalls: sessionCalls + calls };
  const usage = { type: "edge.usage/1" as const, session, all: plus(all, calls), tools: { ...tools, [tool]: counted } };
  return { usage, calls };
}

/** The same for all agents together. */
export function reserveOfAll(
  before: EdgeUsage | undefined,
  config: UsageConfig,
  now: Now,
): { readonly usage: EdgeUsage; readonly calls: number } | Refusal {
  const all = windowsAt(before?.all, now);
  const calls = roomIn(limitsOf("all agents", all, config.all, now));
  if (typeof calls !== "number") return calls;
  return { usage: { type: "edge.usageOfAll/1", all: plus(all, calls) }, calls };
}

/** Pure. The ended session with its hours once more, and no call given back; undefined: it has not ended. */
export function reopened(before: AgentUsage | undefined, config: UsageConfig, now: Now): AgentUsage | undefined {
  if (before === undefined || now.date > before.session.date || !hasEnded(before.session, config, now))
    return undefined;
  return { ...before, session: { ...before.session, startedMs: now.nowMs } };
}

function hasEnded(session: AgentUsage["session"], config: UsageConfig, { nowMs }: Now): boolean {
  return nowMs >= endOf(session, config);
}

/** Milliseconds since the epoch: from then on the session takes no call. */
export function endOf({ startedMs }: AgentUsage["session"], { sessionHoursMax }: UsageConfig): number {
  return startedMs + sessionHoursMax * HOUR_MS;
}

/** A date that is over does not come again, whatever the clock says. */
function sessionAt(before: AgentUsage | undefined, { nowMs, date }: Now): AgentUsage["session"] {
  if (before === undefined || date > before.session.date) return { date, startedMs: nowMs };
  return before.session;
}

/** A window that lies ahead is the current one: a clock that was set back opens none. */
function windowsAt(before: Windows | undefined, { nowMs }: Now): Windows {
  const [minute, hour] = [Math.floor(nowMs / MINUTE_MS), Math.floor(nowMs / HOUR_MS)];
  const known = before ?? { minute: 0, minuteCalls: 0, hour: 0, hourCalls: 0 };
  return {
    minute: Math.max(minute, known.minute),
    minuteCalls: known.minute >= minute ? known.minuteCalls : 0,
    hour: Math.max(hour, known.hour),
    hourCalls: known.hour >= hour ? known.hourCalls : 0,
  };
}

function plus(windows: Windows, calls: number): Windows {
  const { minute, hour } = windows;
  return { minute, hour, minuteCalls: windows.minuteCalls + calls, hourCalls: windows.hourCalls + calls };
}

function limitsOf(what: string, used: Windows, max: { perMinute: number; perHour: number }, { nowMs }: Now): Limit[] {
  return [
    {
      what: `${what} in a minute`,
      used: used.minuteCalls,
      max: max.perMinute,
      waitMs: (used.minute + 1) * MINUTE_MS - nowMs,
    },
    { what: `${what} in an hour`, used: used.hourCalls, max: max.perHour, waitMs: (used.hour + 1) * HOUR_MS - nowMs },
  ];
}

function roomIn(limits: readonly Limit[]): number | Refusal {
  const full = limits.find(({ used, max }) => used >= max);
  if (full !== undefined) return { refused: "RATE_LIMITED", waitMs: full.waitMs, what: full.what };
  return Math.min(...limits.map(({ used, max }) => Math.min(max - used, Math.max(1, Math.floor(max / BLOCK_PART)))));
}
