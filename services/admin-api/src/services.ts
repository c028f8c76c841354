import type { Clock } from "@countersign/clock/clock";
import type { KillLevel } from "@countersign/contracts/control";
import type { Mode } from "@countersign/contracts/mode";
import type { ApprovalSigner } from "./approval-signing.ts";
import type { Backend } from "./backend.ts";
import type { AdminApiConfig } from "./config.ts";
import type { HealthView } from "./health.ts";
import type { KillSwitch } from "./kill-switch.ts";
import type { Passkeys } from "./passkeys.ts";
import type { ResetRules } from "./reset-rules.ts";
import type { MayReset, TripResetOrder } from "./trip-resets.ts";

/** What the handlers of all routes work with; built once. */
export interface Services {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly config: AdminApiConfig;
  readonly signer: ApprovalSigner;
  readonly passkeys: Passkeys;
  readonly kill: Pick<KillSwitch, "state" | "set">;
  readonly resetTrip: (order: TripResetOrder, mayReset: MayReset) => Promise<void>;
  readonly resetRules: Pick<ResetRules, "requireFor">;
  /** An operator was authenticated. */
  readonly seen: () => void;
  /** The audit was recomputed; what does not verify is a stop. */
  readonly auditVerified: (outcome: { ok: boolean; findings: readonly string[] }) => void;
  readonly killLevel: (scopes: { account: string; agent: string; conids: readonly number[] }) => {
    level: KillLevel;
    reason: string;
  };
  readonly health: HealthView;
}
