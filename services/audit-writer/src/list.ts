import { Fault } from "@countersign/contracts/denial";
import type { ListAuditReply, ListAuditRequest } from "@countersign/contracts/messages/audit.v1";
import { type SealedRecord, unseal } from "@countersign/tlog/audit-chain";
import type * as z from "zod";
import { type AuditStream, readRange } from "./audit-stream.ts";

type Request = z.output<typeof ListAuditRequest>;
type Page = Extract<z.output<typeof ListAuditReply>, { outcome: "ok" }>["value"];

export interface ListBounds {
  readonly readsInFlight: number;
  readonly listScanMax: number;
  readonly listBytesMax: number;
}

/**
 * One page in order. A page may be short, even empty, and still have a `nextAfter`: the filter, the size of the reply or
 * the number of records looked at ended it. Only null says that there is nothing more.
 */
export async function listAudit(
  stream: Pick<AuditStream, "read">,
  size: number,
  request: Request,
  bounds: ListBounds,
): Promise<Page> {
  const records: Page["records"] = [];
  const to = Math.min(size, request.after + bounds.listScanMax);
  // Without a filter every record read is an answer, so more than the limit need not be read.
  const inFlight = Math.min(bounds.readsInFlight, Math.max(request.limit, 1));
  let bytes = 0;
  let last = Math.min(request.after, size);
  for await (const { sequence, stored } of readRange(stream, { from: request.after + 1, to, inFlight })) {
    const sealed = stored === undefined ? undefined : unseal(stored.text);
    if (sealed === undefined)
      throw new Fault("STORE_REFUSED", `audit record ${sequence} is missing or unreadable: verify`);
    if (fits(sealed, request)) {
      bytes += Buffer.byteLength(sealed.text) + 100;
      if (records.length === request.limit || bytes > bounds.listBytesMax) break;
      records.push({ hash: sealed.hash, record: sealed.record });
    }
    last = sequence;
  }
  return { records, size, nextAfter: last < size ? last : null };
}

function fits({ record }: SealedRecord, { kinds, correlationId }: Request): boolean {
  if (kinds !== null && !kinds.includes(record.entry.kind)) return false;
  return correlationId === null || record.entry.correlationId === correlationId;
}
