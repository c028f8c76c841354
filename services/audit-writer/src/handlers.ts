import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import { ok } from "@countersign/contracts/denial";
import { AUDIT_APPENDS, RPCS } from "@countersign/contracts/subjects";
import type { AuditLog } from "./audit-log.ts";
import type { AuditWriterConfig } from "./config.ts";
import { EvidenceReader } from "./evidence-reader.ts";
import { listAudit } from "./list.ts";

/** The producer of a record is the owner of the subject on which it came; the server lets nobody else publish there. */
export function serveAudit(bus: Bus, audit: AuditLog, config: AuditWriterConfig, clock: Clock): void {
  for (const [producer, contract] of Object.entries(AUDIT_APPENDS)) {
    bus.serve(contract, async ({ entries }) => ok(await audit.append(producer, entries)), {
      pendingMax: config.pendingMax,
    });
  }
  bus.serve(
    RPCS.listAudit,
    async (request) => ok(await listAudit(audit.stream, audit.settled().seq, request, config)),
    {
      pendingMax: 8,
    },
  );
  const evidence = new EvidenceReader({ stream: audit.stream, clock, config });
  bus.serve(RPCS.auditEvidence, async () => ok(await evidence.upTo(audit.settled().seq)), { pendingMax: 2 });
  bus.serve(RPCS.auditHead, async () => ok(await audit.head()), { pendingMax: 2 });
  bus.serve(RPCS.verifyAudit, async ({ against }) => ok(await audit.verify(against)), { pendingMax: 2 });
}
