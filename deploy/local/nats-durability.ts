import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";

// An import of it would load the client of fetch, a fifth of what the job that asks takes.
const { get } = process.getBuiltinModule("node:http");

/** `unproven` also when the server cannot be asked or does not say: acknowledged writes may then be lost. */
export type Durability = "proven" | "unproven";

const REQUEST_TIMEOUT_MS = 2_000;

const varzSchema = z.object({ jetstream: z.object({ config: z.object({ sync_always: z.literal(true) }) }) });

/** Asks the running server itself whether each write is synced before it is acknowledged. */
export async function durability(monitorUrl: string): Promise<Durability> {
  try {
    const answer = await ask(new URL("/varz", monitorUrl));
    return answer.statusCode === 200 && varzSchema.safeParse(await json(answer)).success ? "proven" : "unproven";
  } catch {
    return "unproven";
  }
}

/** The timeout ends the answer too, also one that stands still in the middle. */
function ask(url: URL): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) };
    get(url, options, resolve).once("error", reject);
  });
}
