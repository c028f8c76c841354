import { admin, until } from "../../end-to-end/system.ts";
import type { ChaosSystem } from "./chaos-system.ts";

interface Health {
  readonly at: string;
  readonly layers: readonly { readonly layer: string; readonly ok: boolean; readonly detail: string }[];
  readonly services: readonly { readonly service: string; readonly ageMs: number | null }[];
  readonly broker: { readonly link: string; readonly hold: unknown } | null;
}

const PATIENCE_MS = 40_000;

/**
 * Every process is back, every service has said since now that it is well, and the link to TWS is up and read through.
 * An order of which nobody knows the outcome is no reason to wait: only a person ends that.
 */
export async function settled(system: ChaosSystem, options: { without?: readonly string[] } = {}): Promise<void> {
  await system.allRun();
  const sinceMs = Date.now();
  const missing = async () => {
    const answer = await admin(system, "GET", "/api/v1/health").catch(() => undefined);
    return answer?.status === 200
      ? missingIn(answer.body, sinceMs, ["broker", ...(options.without ?? [])])
      : ["no answer"];
  };
  await until(missing, (what) => what.length === 0, PATIENCE_MS);
}

function missingIn({ at, layers, services, broker }: Health, sinceMs: number, without: readonly string[]): string[] {
  const failing = layers
    .filter(({ layer, ok }) => !ok && !without.includes(layer))
    .map(({ layer, detail }) => `${layer}: ${detail}`);
  const silent = services.filter(({ ageMs }) => ageMs === null || Date.parse(at) - ageMs <= sinceMs);
  const link = broker?.link === "up" && broker.hold === null ? [] : [`broker: ${JSON.stringify(broker)}`];
  return [...failing, ...silent.map(({ service }) => `${service} has said nothing yet`), ...link];
}
