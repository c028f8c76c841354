import type { SignedApproval } from "@countersign/contracts/order";
import type { PolicySource } from "@countersign/roster/policy/policy-file";
import { demandFor } from "../approve.ts";
import type { Deps } from "../deps.ts";
import type { UndecidedOrders } from "../sweeper.ts";
import { ConsoleWatch } from "./console-watch.ts";
import type { PolicyDeps } from "./deps.ts";
import { PolicyEngine } from "./engine.ts";
import type { PolicyKey } from "./policy-key.ts";
import { servePolicy } from "./switch.ts";

/** Where the standing policy and its key come from. */
export interface PolicySettings {
  readonly source: PolicySource;
  readonly key: PolicyKey | undefined;
}

/** Serves its switch and looks at every order from here on. */
export async function openPolicy(
  deps: Deps,
  given: PolicySettings & {
    readonly undecided: Pick<UndecidedOrders, "list">;
    readonly approve: (approval: SignedApproval) => Promise<unknown>;
  },
): Promise<PolicyEngine> {
  const { bus, clock, config, mode, orders, control, outbox, log, ledger } = deps;
  const { source, key, approve, undecided } = given;
  const own: PolicyDeps = {
    ...{ bus, clock, config, mode, orders, control, outbox, log },
    demandFor: (order) => demandFor(deps, order),
    ...{ ledger, source, key, approve, console: new ConsoleWatch(clock), undecided: () => undecided.list() },
  };
  const engine = new PolicyEngine(own);
  servePolicy(own);
  engine.follow(orders);
  return engine;
}
