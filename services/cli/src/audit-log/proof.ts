import { join } from "node:path";
import { type SealedRecord, unseal } from "@countersign/tlog/audit-chain";
import { leafHash } from "@countersign/tlog/merkle";
import { headFrom, pathOf, proofText, readProof } from "@countersign/tlog/proof";
import { needed } from "../commands.ts";
import { CommandError, EXIT, type ExitCode } from "../exit-codes.ts";
import { readNamed, writeNew } from "../files.ts";
import { print, printJson } from "../terminal.ts";
import { headIn, readFolder } from "./read-folder.ts";

interface Flags {
  readonly json?: boolean;
  readonly key?: string;
  readonly out?: string;
}

/** From an export, one file for each record of a proposal, or for the one of that number: it proves this record and shows no other. */
export function auditProve(words: readonly string[], { json, key, out = "." }: Flags): ExitCode {
  const folder = needed(words[1], "the folder of the export");
  const wanted = needed(words[2], "a proposal's id, or the number of a record");
  const found: SealedRecord[] = [];
  const log = readFolder(folder, {
    verifierKey: key,
    onRecord: (sealed) => void (isOf(sealed, wanted) && found.push(sealed)),
  });
  if (typeof log === "string") throw new CommandError(EXIT.verificationFailed, log);
  if (log.findings.length > 0)
    throw new CommandError(EXIT.verificationFailed, `${folder} does not verify: ${log.findings[0]}`);
  if (found.length === 0) throw new CommandError(EXIT.denied, `no record of ${wanted} is in ${folder}`);
  const files = found.map(({ seq, text }) => {
    const file = join(out, `record-${seq}.tlog-proof`);
    const path = pathOf(log.leaves, seq - 1);
    writeNew(file, proofText({ entry: Buffer.from(text), index: seq - 1, path, note: log.note }), 0o600);
    return file;
  });
  if (json) printJson({ files, verifierKey: log.verifierKey });
  else print([...files, `key  ${log.verifierKey}`].join("\n"));
  return EXIT.ok;
}

/** Verifies such a file by a key that came on another way, and shows its record. */
export function checkProof(file: string, { json, key }: Flags): ExitCode {
  if (key === undefined)
    throw new CommandError(EXIT.usage, "a proof is checked by a key that you got elsewhere: --key is missing");
  const found = recordIn(readNamed(file), key);
  if (typeof found === "string") throw new CommandError(EXIT.verificationFailed, `${file}: ${found}`);
  const { seq, record } = found;
  const { entry, at, producer } = record;
  if (json) printJson({ ok: true, record });
  else print(`ok: record ${seq}, ${entry.kind} of ${entry.correlationId}, by ${producer} at ${at}`);
  if (!json) printJson(entry.body, 2);
  return EXIT.ok;
}

/** The record that is proved; a string: why none is. */
function recordIn(text: string, key: string): SealedRecord | string {
  const proof = readProof(text);
  if (proof === undefined) return "is no proof with its record";
  const head = headIn(proof.note, key);
  if (typeof head === "string") return head;
  const root = headFrom(leafHash(proof.entry), proof.index, head.size, proof.path);
  if (root?.toString("hex") !== head.root) return "the record is not at this place of what was signed";
  const record = unseal(proof.entry.toString("utf8"));
  return record?.seq === proof.index + 1 ? record : "what is proved is no audit record of this place";
}

function isOf({ seq, record }: SealedRecord, wanted: string): boolean {
  return record.entry.correlationId === wanted || String(seq) === wanted;
}
