import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { Heartbeat } from "@countersign/contracts/messages/heartbeat.v1";
import { HEARTBEATS } from "@countersign/contracts/subjects";
import type { ServiceHealth } from "./health-report.ts";

interface Beat {
  readonly heartbeat: Heartbeat;
  readonly heardAtMs: number;
  /** Its clock minus ours when it was heard. */
  readonly skewMs: number;
}

/** The last sign of life of each service. */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #limits: { staleMs: number; skewMsMax: number };
  readonly #beats = new Map<string, Beat>();

  constructor(clock: Clock, limits: { staleMs: number; skewMsMax: number }) {
    this.#clock = clock;
    this.#limits = limits;
  }

  take(heartbeat: Heartbeat): void {
    const skewMs = parseUtcText(heartbeat.at) - this.#clock.nowMs();
    this.#beats.set(heartbeat.service, { heartbeat, heardAtMs: this.#clock.monotonicMs(), skewMs });
  }

  of(service: string): ServiceHealth {
    const beat = this.#beats.get(service);
    if (beat === undefined) {
      return { service, ok: false, detail: "never heard", ageMs: null, startedAt: null, checks: [] };
    }
    const { heartbeat, heardAtMs } = beat;
    const ageMs = Math.round(this.#clock.monotonicMs() - heardAtMs);
    const silent = ageMs > this.#limits.staleMs;
    const failed = heartbeat.checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`);
    const detail = silent ? `silent for ${ageMs} ms` : failed.join("; ") || "ready";
    const { startedAt, checks, ready } = heartbeat;
    return { service, ok: ready && !silent, detail, ageMs, startedAt, checks };
  }

  all(): ServiceHealth[] {
    return Object.keys(HEARTBEATS).map((service) => this.of(service));
  }

  /** The service whose clock is too far from ours, or undefined. */
  skewed(): { service: string; skewMs: number } | undefined {
    for (const [service, { skewMs }] of this.#beats) {
      if (Math.abs(skewMs) > this.#limits.skewMsMax) return { service, skewMs: Math.round(skewMs) };
    }
    return undefined;
  }
}
