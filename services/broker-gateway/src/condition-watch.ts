import type { BrokerCondition } from "@countersign/contracts/broker-conditions";
import type { Logger } from "@countersign/log/logger";
import type { AuditTrail } from "./audit/audit-trail.ts";

/** Puts on the record when a condition begins and when it ends, so that nobody has to look at the right moment. */
export class ConditionWatch {
  readonly #deps: { readonly log: Logger; readonly audit: AuditTrail };
  #known = new Map<string, BrokerCondition>();

  constructor(deps: { readonly log: Logger; readonly audit: AuditTrail }) {
    this.#deps = deps;
  }

  look(conditions: readonly BrokerCondition[]): void {
    const now = new Map(conditions.map((condition) => [condition.code, condition]));
    for (const [code, { detail }] of now) if (!this.#known.has(code)) this.#tell(code, "begins", detail);
    for (const [code, { detail }] of this.#known) if (!now.has(code as never)) this.#tell(code, "ends", detail);
    this.#known = now;
  }

  #tell(condition: string, edge: "begins" | "ends", untrusted: string): void {
    this.#deps.log.warn({ condition, edge, untrusted }, "condition of the way to the broker");
    this.#deps.audit.record({ kind: "broker.link", correlationId: "link", body: { condition, edge, untrusted } });
  }
}
