import type { ControlView } from "@countersign/bus/control-view";
import type { Timer } from "@countersign/clock/clock";
import type { AuditTrail } from "../audit/audit-trail.ts";
import { type CancelRequest, cancelRequests, inScope } from "./cancel-orders.ts";
import { CancelRun, type CancelRunDeps } from "./cancel-run.ts";
import type { Latch } from "./latch.ts";

export interface CancelRunsDeps extends CancelRunDeps {
  readonly view: Pick<ControlView, "settings" | "trips" | "onChange">;
  readonly latch: Pick<Latch, "read" | "onChange">;
  readonly audit: AuditTrail;
  /** After an attempt that left something, and as long as the stop holds. */
  readonly retryMs: number;
}

/**
 * Begins a run for every stop that asks for one and has no complete report, or one that does not hold any more, also for those
 * from before a crash: the stop itself is in the control stream or in the latch, and so is not forgotten.
 */
export class CancelRuns {
  readonly #deps: CancelRunsDeps;
  readonly #running = new Map<string, Promise<void>>();
  readonly #timer: Timer;
  readonly #restUntilMs = new Map<string, number>();
  #stopped = false;

  constructor(deps: CancelRunsDeps) {
    this.#deps = deps;
    deps.view.onChange(() => this.look());
    deps.latch.onChange(() => this.look());
    this.#timer = deps.clock.setInterval(() => this.look(), deps.retryMs);
  }

  running(): string[] {
    return [...this.#running.keys()];
  }

  look(): void {
    if (this.#stopped) return;
    for (const request of cancelRequests(this.#deps.view, this.#deps.latch.read())) {
      if (this.#running.has(request.id) || this.#rests(request.id)) continue;
      if (this.#deps.reports.get(request.id)?.report.complete === true && !this.#worksAgain(request)) continue;
      this.#running.set(
        request.id,
        this.#run(request).finally(() => this.#running.delete(request.id)),
      );
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer.cancel();
  }

  /** The broker shows one of its orders at work after all: it has come back, or a list that showed nothing left it out. */
  #worksAgain({ scope }: CancelRequest): boolean {
    const entries = this.#deps.table.entries().filter(({ order }) => inScope(scope, order));
    const states = entries.flatMap((entry) => [entry, ...entry.exits].map(({ order }) => order.state));
    return states.some((state) => state === "WORKING" || state === "PARTIAL");
  }

  #rests(id: string): boolean {
    return this.#deps.clock.monotonicMs() < (this.#restUntilMs.get(id) ?? Number.NEGATIVE_INFINITY);
  }

  async #run(request: CancelRequest): Promise<void> {
    const { clock, log, audit, reports, retryMs } = this.#deps;
    try {
      log.error({ id: request.id, cancelOrders: request.cancelOrders }, "the kill switch cancels orders");
      const report = await new CancelRun(this.#deps, request).run();
      const signed = reports.get(request.id);
      const body = JSON.parse(JSON.stringify(signed ?? { report }));
      audit.record({ kind: "kill.report", correlationId: request.id.slice(0, 64), actor: request.actor, body });
      if (!report.complete) log.error({ id: request.id, remaining: report.remaining?.length ?? null }, "orders remain");
    } catch (error) {
      log.error(
        { id: request.id, error: String(error) },
        "the cancels of the kill switch failed; they are tried again",
      );
    }
    this.#restUntilMs.set(request.id, clock.monotonicMs() + retryMs);
  }
}
