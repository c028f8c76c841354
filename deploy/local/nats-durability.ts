import { z } from "zod";

/** `unproven` also when the server cannot be asked or does not say: acknowledged writes may then be lost. */
export type Durability = "proven" | "unproven";

const REQUEST_TIMEOUT_MS = 2_000;

const varzSchema = z.object({ jetstream: z.object({ config: z.object({ sync_always: z.literal(true) }) }) });

/** Asks the running server itself whether each write is synced before it is acknowledged. */
export async function durability(monitorUrl: string): Promise<Durability> {
  try {
    const response = await fetch(new URL("/varz", monitorUrl), { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return response.ok && varzSchema.safeParse(await response.json()).success ? "proven" : "unproven";
  } catch {
    return "unproven";
  }
}
