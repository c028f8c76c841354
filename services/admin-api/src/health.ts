import { type Clock, utcText } from "@countersign/clock/clock";
import type { Mode } from "@countersign/contracts/mode";
import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";
import type { HealthReport, Layer, LayerName } from "./health-report.ts";
import type { Heartbeats } from "./heartbeats.ts";

export interface HealthGiven {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly heartbeats: Heartbeats;
  readonly probeMs: number;
  /** Round trip to NATS in ms; rejects when there is none. */
  readonly ping: () => Promise<number>;
  readonly natsVersion: () => string;
  readonly control: () => { fresh: boolean; reason: string };
  /** What is wrong with the streams; undefined: this process was not told where to look. */
  readonly drift: ((signal: AbortSignal) => Promise<string[]>) | undefined;
  readonly outbox: () => { ok: boolean; detail: string };
  /** Why the record cannot be relied on although its writer answers. */
  readonly auditMismatch: () => string | undefined;
}

type BrokerStatus = NonNullable<HealthReport["broker"]>;
type Probe<T> = { readonly value: T; readonly error: null } | { readonly value: null; readonly error: string };

/** Asks every layer at once, and names the lowest that fails. */
export class HealthView {
  readonly #given: HealthGiven;

  constructor(given: HealthGiven) {
    this.#given = given;
  }

  async report(): Promise<HealthReport> {
    const { clock, mode, heartbeats, natsVersion } = this.#given;
    const [ping, drift, broker, audit] = await Promise.all([
      this.#ping(),
      this.#drift(),
      this.#broker(),
      this.#audit(),
    ]);
    const services = heartbeats.all();
    const layers = this.#layers({ ping, drift, broker, audit });
    const silent = services.filter((service) => !service.ok).map(({ service, detail }) => `${service} (${detail})`);
    layers.push(layer("services", silent.length === 0, silent.join(", ") || "all there and ready"));
    const failing = layers.find((one) => !one.ok);
    return {
      ok: failing === undefined,
      mode,
      at: utcText(clock.nowMs()),
      failing: failing?.layer ?? null,
      summary: failing === undefined ? "Everything works." : `${failing.layer} fails: ${failing.detail}.`,
      layers,
      services,
      natsVersion: natsVersion(),
      natsRoundTripMs: ping.value === null ? null : Math.round(ping.value * 100) / 100,
      broker: broker.value,
      auditSize: audit.value,
    };
  }

  #layers(probes: {
    ping: Probe<number>;
    drift: Probe<string[]>;
    broker: Probe<BrokerStatus>;
    audit: Probe<number>;
  }): Layer[] {
    const { ping, drift, broker, audit } = probes;
    const { heartbeats, control } = this.#given;
    const view = control();
    const data = heartbeats.of("market-data");
    const skewed = heartbeats.skewed();
    const found = drift.value ?? [drift.error ?? ""];
    const link = broker.value?.link;
    const readOnly = broker.value?.hold?.code === "BROKER_READ_ONLY" ? broker.value.hold.reason : undefined;
    const unknown = broker.value?.unknownOrders ?? 0;
    const orders = unknown === 0 ? "" : `, ${unknown} orders whose outcome is not known or not agreed on`;
    const brokerDetail =
      broker.value === null ? (broker.error ?? "") : `link ${link}, ${readOnly ?? broker.value.detail}${orders}`;
    return [
      layer("nats", ping.error === null, ping.error ?? "answers"),
      layer("streams", found.length === 0, found.join("; ") || "as they must be"),
      layer("control", view.fresh, view.fresh ? "the kill switch is confirmed" : view.reason),
      this.#auditLayer(audit),
      layer("broker", link === "up" && readOnly === undefined && broker.value?.unknownOrders === 0, brokerDetail),
      layer("data", data.ok, data.detail),
      layer("clock", skewed === undefined, skewed ? `${skewed.service} is ${skewed.skewMs} ms off` : "in step"),
    ];
  }

  #auditLayer(audit: Probe<number>): Layer {
    const { outbox, auditMismatch } = this.#given;
    const wrong = audit.error ?? auditMismatch() ?? (outbox().ok ? undefined : outbox().detail);
    return layer("audit", wrong === undefined, wrong ?? `${audit.value} records`);
  }

  #ping(): Promise<Probe<number>> {
    return this.#probe(() => this.#given.ping());
  }

  async #drift(): Promise<Probe<string[]>> {
    const { drift } = this.#given;
    return drift === undefined ? { value: [], error: null } : this.#probe(drift);
  }

  #broker(): Promise<Probe<BrokerStatus>> {
    return this.#probe(async () => {
      const reply = await this.#given.backend.request(RPCS.brokerStatus, {}, { timeoutMs: this.#given.probeMs });
      if (reply.outcome === "denied") throw new Error(reply.denial.message);
      return reply.value;
    });
  }

  /** The number of records, from the writer itself. */
  #audit(): Promise<Probe<number>> {
    return this.#probe(async () => {
      const request = { after: 0, limit: 1, kinds: null, correlationId: null };
      const reply = await this.#given.backend.request(RPCS.listAudit, request, { timeoutMs: this.#given.probeMs });
      if (reply.outcome === "denied") throw new Error(reply.denial.message);
      return reply.value.size;
    });
  }

  async #probe<T>(task: (signal: AbortSignal) => Promise<T>): Promise<Probe<T>> {
    const { clock, probeMs } = this.#given;
    const tooLate = new AbortController();
    const timer = clock.setTimeout(() => tooLate.abort(new Error(`no answer in ${probeMs} ms`)), probeMs);
    const aborted = new Promise<never>((_, reject) => {
      tooLate.signal.addEventListener("abort", () => reject(tooLate.signal.reason), { once: true });
    });
    try {
      return { value: await Promise.race([task(tooLate.signal), aborted]), error: null };
    } catch (error) {
      return { value: null, error: error instanceof Error ? error.message : String(error) };
    } finally {
      timer.cancel();
    }
  }
}

function layer(name: LayerName, ok: boolean, detail: string): Layer {
  return { layer: name, ok, detail };
}
