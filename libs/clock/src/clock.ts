/** A timer that can be called off; calling it off twice is fine. */
export interface Timer {
  cancel(): void;
}

/** The only door to time. Production code gets it passed in; nothing else reads a clock or sets a timer. */
export interface Clock {
  /** Wall clock, ms since the epoch, UTC. May jump. For records, never for deadlines. */
  nowMs(): number;
  /** Never goes back; its zero means nothing. For ages and deadlines. */
  monotonicMs(): number;
  setTimeout(task: () => void, delayMs: number): Timer;
  setInterval(task: () => void, periodMs: number): Timer;
  /** Rejects with the signal's reason when the signal aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimeout: (task, delayMs) => {
      const handle = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
    setInterval: (task, periodMs) => {
      const handle = setInterval(task, periodMs);
      return { cancel: () => clearInterval(handle) };
    },
    sleep(delayMs, signal) {
      return sleepWith(this, delayMs, signal);
    },
  };
}

/** Sleep on top of a clock's timer; shared by all clocks. */
export function sleepWith(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** RFC 3339 in UTC with milliseconds: the form of every time on the wire. */
export function utcText(epochMs: number): string {
  const ms = Math.trunc(epochMs);
  const second = Math.floor(ms / 1_000);
  // "000Z" is what the text of a whole second ends with; a time that is none throws here.
  if (second !== written.second) written = { second, start: new Date(second * 1_000).toISOString().slice(0, -4) };
  return written.start + ENDINGS[ms - second * 1_000];
}

/** Of the text, by the ms of its second. */
const ENDINGS: readonly string[] = Array.from({ length: 1_000 }, (_, ms) => `${String(ms).padStart(3, "0")}Z`);

/** The second that was written last: whoever writes a time mostly writes more than one in it. */
let written = { second: 0, start: "1970-01-01T00:00:00." };

/** Texts that were read lately; the same few times stand in many facts. */
const READ = new Map<string, number>();
const READ_MAX = 1_024;

/** Ms since the epoch of a text as `utcText` writes it. Anything else throws a RangeError. */
export function parseUtcText(text: string): number {
  const known = READ.get(text);
  if (known !== undefined) return known;
  const epochMs = readUtcText(text);
  if (READ.size >= READ_MAX) READ.clear();
  READ.set(text, epochMs);
  return epochMs;
}

/** The same for text of others; undefined: it is no such time. */
export function tryParseUtcText(text: string): number | undefined {
  try {
    return parseUtcText(text);
  } catch {
    return undefined;
  }
}

/** A text that is no time of the wire. */
export class TimeFormatError extends RangeError {
  override readonly name = "TimeFormatError";
}

function readUtcText(text: string): number {
  const epochMs = Date.parse(text);
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString() !== text)
    throw new TimeFormatError(`no UTC time: ${text}`);
  return epochMs;
}
