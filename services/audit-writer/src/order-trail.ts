import type { AuditEntry } from "@countersign/contracts/audit";
import { Execution } from "@countersign/contracts/facts/exec-facts.v1";

/** What the records have shown of one order so far; what is absent was not seen. */
export interface Trail {
  readonly mode?: string;
  readonly simulated?: boolean;
  readonly estimatePrice?: string;
  readonly approved?: boolean;
  readonly intent?: boolean;
  readonly sends?: number;
  readonly end?: string;
  readonly fill?: { readonly price: string; readonly side: "BOT" | "SLD" };
}

type Body = AuditEntry["body"];

/** The trail with one more record. Each edge counts only from the service that writes it. */
export function trailAfter(trail: Trail, producer: string, { body }: AuditEntry): Trail {
  if (producer === "risk-gate") return afterProposal(trail, body);
  if (producer === "approval") return body.event === "approved" ? { ...trail, approved: true } : trail;
  return producer === "broker-gateway" ? afterExec(trail, body) : trail;
}

function afterProposal(trail: Trail, body: Body): Trail {
  if (body.event === "proposed" && typeof body.mode === "string") return { ...trail, mode: body.mode };
  if (body.event !== "simulated") return trail;
  const { whatIf, estimatePrice } = body;
  return {
    ...trail,
    simulated: whatIf === "broker",
    ...(typeof estimatePrice === "string" && { estimatePrice }),
  };
}

function afterExec(trail: Trail, body: Body): Trail {
  const fact = body.fact;
  if (typeof fact !== "object" || fact === null || Array.isArray(fact)) return trail;
  switch (fact.type) {
    case "intent/1":
      return { ...trail, intent: true };
    case "sendStarted/1":
      return { ...trail, sends: (trail.sends ?? 0) + 1 };
    case "brokerRejected/1":
      return { ...trail, end: "BROKER_REJECTED" };
    case "filled/1": {
      const execution = Execution.safeParse(fact.execution);
      if (!execution.success) return trail;
      return { ...trail, fill: { price: execution.data.averagePrice, side: execution.data.side } };
    }
    default:
      return trail;
  }
}
