import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { plain } from "./format.ts";
import type { Settings } from "./settings.ts";

// biome-ignore lint/suspicious/noExplicitAny: the admin API's answers are printed, not computed with
type Json = any;

const TIMEOUT_MS = 60_000;

/** One call of the admin API. Throws a CommandError whose exit code says whose fault it was. */
export async function call(settings: Settings, method: string, path: string, body?: object): Promise<Json> {
  const answer = await fetch(`${settings.admin}${path}`, {
    method,
    headers: { authorization: `Bearer ${settings.operatorToken}`, "content-type": "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    const reason =
      cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : String(cause);
    throw new CommandError(EXIT.unavailable, `the admin API at ${settings.admin} does not answer: ${reason}`);
  });
  const text = await answer.text();
  const value = parse(text);
  if (answer.ok) return value;
  const code = value?.code ?? answer.status;
  throw new CommandError(
    exitCodeOf(answer.status, code),
    plain(`${code}: ${value?.detail ?? value?.title ?? text.slice(0, 300)}`),
  );
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
