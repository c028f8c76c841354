import type { AuditEntry } from "@countersign/contracts/audit";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import type * as z from "zod";

/** What routes may do to the rest of the system. The bus is one; a test has its own. */
export interface Backend {
  request<R extends Rpc>(
    rpc: R,
    body: z.input<R["request"]>,
    options?: { correlationId?: string; timeoutMs?: number },
  ): Promise<z.output<R["reply"]>>;
  audit(entry: AuditEntry): Promise<unknown>;
}
