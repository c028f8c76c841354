import type { Demand } from "@countersign/contracts/demand";
import type { SignedApproval } from "@countersign/contracts/order";
import type { OrderRecord } from "@countersign/orders/projection";
import type { PolicySource } from "@countersign/roster/policy/policy-file";
import type { Deps } from "../deps.ts";
import type { PolicyDocument } from "./check.ts";
import type { ConsoleWatch } from "./console-watch.ts";
import type { PolicyKey } from "./policy-key.ts";

/** What the standing policy works with. */
export interface PolicyDeps
  extends Pick<Deps, "bus" | "clock" | "config" | "mode" | "orders" | "control" | "outbox" | "log" | "ledger"> {
  readonly source: PolicySource;
  readonly console: Pick<ConsoleWatch, "heard" | "absence">;
  /** undefined: this process has no key for it. */
  readonly key: PolicyKey | undefined;
  /** Whose approval an order needs. */
  readonly demandFor: (order: OrderRecord) => Demand;
  /** Records the approval and submits the order, as for a person. */
  readonly approve: (approval: SignedApproval) => Promise<unknown>;
  /** Orders that nobody has decided, or that are approved and not known to have an intent. */
  readonly undecided: () => readonly OrderRecord[];
}

/** Whether the configuration lets it run in this mode at all. */
export function allowedHere({ config, mode }: Pick<PolicyDeps, "config" | "mode">): boolean {
  return mode !== "live" || config.autoApproval.live;
}

/** The document as it counts now, for this process: without a key that the roster knows it is worth nothing here. */
export function documentNow(deps: Pick<PolicyDeps, "source" | "key" | "clock" | "config" | "mode">): PolicyDocument {
  const found = deps.source.current(deps.clock.nowMs());
  if (found.state !== "valid") return found;
  const reasons = [
    ...keyReasons(deps.key),
    ...(allowedHere(deps) ? [] : ["the configuration keeps it off in live mode"]),
  ];
  return reasons.length === 0 ? found : { state: "invalid", ref: found.ref, reasons };
}

function keyReasons(key: PolicyKey | undefined): string[] {
  if (key === undefined) return ["approval has no key to sign in its name"];
  const owner = key.owner();
  return "reason" in owner ? [owner.reason] : [];
}
