import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import type { Settings } from "./settings.ts";
import { plain } from "./terminal.ts";

// biome-ignore lint/suspicious/noExplicitAny: the admin API's answers are printed, not computed with
type Json = any;

/** Longer than the broker's slowest answer. */
const TIMEOUT_MS = 60_000;
/** Of what is asked when something is wrong: who waits for it has other means. */
export const URGENT_MS = 15_000;

/** One call of the admin API. Throws a CommandError whose exit code says whose fault it was. */
export async function call(
  settings: Settings,
  method: string,
  path: string,
  body?: object,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Json> {
  const init = { method, timeoutMs, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const { ok, status, isOurs, text } = await answerTo(settings, path, init);
  const value = parse(text);
  // A page of a proxy, or of another program on that port, must not be taken for "done", nor for a no of the system.
  if (!isOurs || typeof value !== "object" || value === null) {
    const said = `${status}: ${text.slice(0, 100)}`;
    throw new CommandError(EXIT.unavailable, plain(`what answers at ${settings.admin} is not the admin API (${said})`));
  }
  if (ok) return value;
  throw new Refused(status, value, text);
}

/** The admin API's own no, or its failure. */
export class Refused extends CommandError {
  /** When it may be asked again, as it says itself; undefined: it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, value: Json, text: string) {
    const code = value.code ?? status;
    super(exitCodeOf(status, code), plain(`${code}: ${value.detail ?? value.title ?? text.slice(0, 300)}`));
    const waitMs: unknown = value.facts?.retryAfterMs;
    this.retryAfterMs = typeof waitMs === "number" && waitMs > 0 ? waitMs : undefined;
  }
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  /** It bears the mark that the admin API puts on each of its answers. */
  readonly isOurs: boolean;
  readonly text: string;
}

async function answerTo(
  settings: Settings,
  path: string,
  { timeoutMs, ...init }: { method: string; timeoutMs: number; body?: string },
): Promise<Answer> {
  let begun = false;
  try {
    const answer = await fetch(`${settings.admin}${path}`, {
      ...init,
      // Elsewhere the same words may mean something else: a PUT would become a GET that is answered.
      redirect: "error",
      headers: { authorization: `Bearer ${settings.operatorToken}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    begun = true;
    const { ok, status, headers } = answer;
    return { ok, status, isOurs: headers.has("countersign-mode"), text: await answer.text() };
  } catch (error) {
    const { message, code } = rootOf(error);
    const isKnown = init.method === "GET" || (!begun && code !== undefined && NEVER_SENT.has(code));
    const effect = isKnown ? "" : "; it may have been done all the same: look before you repeat it";
    const how = begun ? "did not answer to the end" : "does not answer";
    throw new CommandError(EXIT.unavailable, `the admin API at ${settings.admin} ${how}: ${message}${effect}`);
  }
}

/** What a connection ends with before anything was sent on it. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Of the errors of fetch the innermost says what happened. */
function rootOf(error: unknown): { message: string; code?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

/**
 * 403 is also the status of a business no, such as an approval by its own proposer: the code tells. An argument that the
 * API cannot read was written on this command line, and a script must not take it for an order that was denied.
 */
function exitCodeOf(status: number, code: unknown): ExitCode {
  if (status === 401 || code === "FORBIDDEN") return EXIT.unauthenticated;
  if (code === "INVALID_ARGUMENT") return EXIT.usage;
  return status >= 500 ? EXIT.unavailable : EXIT.denied;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
