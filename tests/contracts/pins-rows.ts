import type { Contract } from "@countersign/contracts/contract-kinds";

/** A row of the table in one line: what it is, its schema, who speaks and who hears. */
export function rowOf(contract: Contract): string {
  const { kind, subject, schema } = contract;
  const from = kind === "rpc" ? contract.callers.join(",") : contract.publisher;
  const to = kind === "rpc" ? contract.server : contract.readers.join(",");
  const detail = kind === "rpc" ? ` ${contract.effect}` : kind === "fact" ? ` ${contract.stream}` : "";
  return `${kind} ${subject} ${schema}: ${from} -> ${to}${detail}`;
}
