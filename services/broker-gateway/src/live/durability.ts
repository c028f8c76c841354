import * as z from "zod";
import type { Known } from "./system-gates.ts";

const TIMEOUT_MS = 2_000;
const Varz = z.object({ jetstream: z.object({ config: z.object({ sync_always: z.boolean().optional() }) }) });

/** Asks nats-server itself, at its monitor address, whether each write is synced before it is acknowledged. */
export async function durabilityOf(monitorUrl: string | undefined): Promise<Known<"proven" | "unproven">> {
  if (monitorUrl === undefined) return { missing: "COUNTERSIGN_NATS_MONITOR_URL is not set" };
  try {
    const response = await fetch(new URL("/varz", monitorUrl), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return { missing: `the monitor answers ${response.status}` };
    const { jetstream } = Varz.parse(await response.json());
    return { value: jetstream.config.sync_always === true ? "proven" : "unproven" };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
