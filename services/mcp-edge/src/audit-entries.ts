import type { AuditEntry, AuditKind } from "@countersign/contracts/audit";
import { canonicalHash } from "@countersign/ids/hash";
import { recordable } from "@countersign/ids/recordable";
import { cleanUntrusted } from "@countersign/log/logger";
import type * as z from "zod";
import type { CallRequest } from "./call-tool.ts";

type Json = z.infer<typeof AuditEntry>["body"][string];

/**
 * A call as the record has it: who, what, and the hash of the arguments as they can be recorded; the client's name is
 * its own claim. Never throws, whatever the arguments are.
 */
export function toolEntry(at: string, request: CallRequest, callId: string, extra: Record<string, Json>): AuditEntry {
  const { agent, name, args, era, client } = request;
  return {
    kind: "tool.called",
    at,
    correlationId: callId,
    actor: { kind: "agent", id: agent.id },
    body: {
      callId,
      tool: name,
      era,
      claimedClient: cleanUntrusted(client, 120),
      argumentsHash: canonicalHash(recordable(args ?? null)),
      ...extra,
    },
  };
}

/** What the edge itself has to say: a refused request, or records that it lost. */
export function edgeEntry(at: string, kind: AuditKind, correlationId: string, body: Record<string, Json>): AuditEntry {
  return { kind, at, correlationId, actor: { kind: "service", id: "mcp-edge" }, body };
}
