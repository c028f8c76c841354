import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { InstrumentBroker } from "./broker.ts";

/** nothing: the link was not steady. once: it is so now. confirmed: said twice, with some time between. */
export type Proof = "nothing" | "once" | "confirmed";

interface Absence {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Since when the link has been up that said so, as the gateway writes it. */
  readonly linkSince: string;
}

/** The link must have been up this long before the question: what is asked of a link that just came up proves nothing. */
const STEADY_MS = 2_000;

/**
 * What the broker said does not exist. TWS says so too while its own line to IBKR breaks, so a "no" counts only over a
 * link that was steady before the question and is steady still when the "no" is used.
 */
export class Absences {
  readonly #deps: { clock: Clock; broker: Pick<InstrumentBroker, "status"> };
  readonly #limits: { readonly ttlMs: number; readonly confirmMs: number; readonly entriesMax: number };
  readonly #known = new Map<string, Absence>();
  #asking: Promise<string | undefined> | undefined;

  constructor(
    deps: { clock: Clock; broker: Pick<InstrumentBroker, "status"> },
    limits: { readonly ttlMs: number; readonly confirmMs: number; readonly entriesMax: number },
  ) {
    this.#deps = deps;
    this.#limits = limits;
  }

  /** Undefined: the broker must be asked. */
  async held(key: string): Promise<Exclude<Proof, "nothing"> | undefined> {
    const known = this.#known.get(key);
    if (known === undefined || this.#deps.clock.monotonicMs() - known.lastAtMs > this.#limits.ttlMs) return undefined;
    const since = await this.#upNow();
    if (since === known.linkSince) return this.#proofOf(known);
    this.#known.delete(key);
    return undefined;
  }

  /** What a "no" to a question is worth that was asked at `askedAtMs`, wall time. */
  async proof(key: string, askedAtMs: number): Promise<Proof> {
    const since = await this.#upSince();
    if (since === undefined || parseUtcText(since) > askedAtMs - STEADY_MS) return "nothing";
    const now = this.#deps.clock.monotonicMs();
    const before = this.#known.get(key);
    const firstAtMs = before?.linkSince === since ? before.firstAtMs : now;
    const known = { firstAtMs, lastAtMs: now, linkSince: since };
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#limits.entriesMax && oldest !== undefined) this.#known.delete(oldest);
    return this.#proofOf(known);
  }

  /** Waits until a "no" over the link of now would count; false: there is no link. */
  async becomesSteady(): Promise<boolean> {
    const since = await this.#upSince();
    if (since === undefined) return false;
    const waitMs = parseUtcText(since) + STEADY_MS - this.#deps.clock.nowMs();
    if (waitMs > 0) await this.#deps.clock.sleep(waitMs);
    return true;
  }

  forget(key: string): void {
    this.#known.delete(key);
  }

  /** One question for all who use what they hold at the same time. */
  #upNow(): Promise<string | undefined> {
    this.#asking ??= this.#upSince().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  #proofOf({ firstAtMs, lastAtMs }: Absence): "once" | "confirmed" {
    return lastAtMs - firstAtMs >= this.#limits.confirmMs ? "confirmed" : "once";
  }

  async #upSince(): Promise<string | undefined> {
    const reply = await this.#deps.broker.status();
    return reply.outcome === "ok" && reply.value.link === "up" ? reply.value.since : undefined;
  }
}
