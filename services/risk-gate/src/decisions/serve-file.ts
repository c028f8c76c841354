import { denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { sha256Hex } from "@countersign/ids/hash";
import type { OrderProjection } from "@countersign/orders/projection";
import type * as z from "zod";
import { decisionFile } from "./decision-file.ts";
import { RecordError } from "./read-record.ts";
import type { DecisionReader } from "./reader.ts";

const PAGE_BYTES = 120 * 1024;

type Request = z.output<typeof RPCS.judgedFile.request>;
type Page = Extract<z.input<typeof RPCS.judgedFile.reply>, { outcome: "ok" }>["value"];

/** One page of the file of a decision. Which decision, the hash of its inputs says; else the verdict in the proposal's log. */
export async function judgedFile(
  { orders, reader }: { orders: OrderProjection; reader: DecisionReader },
  { proposalId, inputsHash, from }: Request,
): Promise<Reply<Page>> {
  const view = orders.get(proposalId)?.view;
  if (view === undefined) return denied("PROPOSAL_NOT_FOUND");
  const wanted = inputsHash ?? view.verdict?.inputsHash;
  const records = await reader.recordsOf(view.account, proposalId);
  const record = records.findLast((one) => one.inputsHash === wanted);
  if (record === undefined) return denied("NOT_FOUND", "no decision of this proposal with these inputs is on record");
  const logged: Verdict | null = view.verdict?.inputsHash === record.inputsHash ? view.verdict : null;
  const read = await reader.read(record).catch((error: unknown) => {
    if (!(error instanceof RecordError)) throw error;
    throw new Fault("STORE_REFUSED", error.message, { cause: error });
  });
  const file = Buffer.from(decisionFile(read, logged));
  if (from >= file.length) return denied("INVALID_ARGUMENT", `the file has ${file.length} bytes`);
  const page = file.subarray(from, from + PAGE_BYTES).toString("base64");
  const next = from + PAGE_BYTES < file.length ? from + PAGE_BYTES : null;
  return ok({ bytes: file.length, sha256: sha256Hex(file), page, next });
}
