import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checkpoint } from "@countersign/contracts/audit-checkpoint";
import { sha256Hex } from "@countersign/ids/hash";
import { chainFaults, GENESIS_HASH, type Head, type SealedRecord, unseal } from "@countersign/tlog/audit-chain";
import { checkLog } from "@countersign/tlog/check-log";
import type { MerkleTree } from "@countersign/tlog/merkle";
import { openNote, readTreeHead, type TreeHead } from "@countersign/tlog/note";
import { EXIT } from "../exit-codes.ts";
import { fileError } from "../files.ts";

/** The signed head, under the name that tools for such logs expect. */
export const HEAD_FILE = "checkpoint";
/** The key that it names. Whoever gets it with the records only, and not on another way too, has no key. */
export const KEY_FILE = "verifier-key";
const FINDINGS_MAX = 50;

/** An exported record, as its folder has it. */
export interface ExportedLog {
  readonly head: TreeHead;
  /** The head as it was signed. */
  readonly note: string;
  readonly verifierKey: string;
  /** RFC 6962 hashes of its records. */
  readonly leaves: readonly Buffer[];
  readonly last: Head;
  /** The writer's clock at the first and at the last record; null: that one cannot be read. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** What does not fit, one sentence each. Empty: the records are those that the key signed, all of them, in their order. */
  readonly findings: readonly string[];
}

export interface Expected {
  /** The key that signs, from elsewhere; undefined: the one in the folder. */
  readonly verifierKey?: string | undefined;
  /** One that was kept before. */
  readonly against?: Checkpoint | undefined;
  /** Called for each entry that is a record, in order, with its bytes. */
  readonly onRecord?: ((record: SealedRecord) => void) | undefined;
}

/** Reads and recomputes an exported log. A string: why the folder holds none. */
export function readFolder(folder: string, { verifierKey, against, onRecord }: Expected = {}): ExportedLog | string {
  const read = (path: string) => readIfThere(join(folder, path));
  const note = read(HEAD_FILE)?.toString("utf8");
  const key = verifierKey ?? read(KEY_FILE)?.toString("utf8").trim();
  if (note === undefined) return `${folder} has no file ${HEAD_FILE}`;
  if (key === undefined) return `${folder} has no file ${KEY_FILE}: name the key`;
  const head = headIn(note, key);
  if (typeof head === "string") return `${folder}: ${head}`;
  const walk = new RecordWalk({ against, onRecord });
  const { leaves, findings } = checkLog(read, head, (entry, number, tree) => walk.take(entry, number, tree));
  const unmet = against !== undefined && against.size > head.size;
  const found = [
    ...findings,
    ...walk.findings,
    ...(unmet ? [`a checkpoint was signed over ${against.size} records, and there are ${head.size}`] : []),
  ];
  const { last, firstAt, lastAt } = walk;
  return { head, note, verifierKey: key, leaves, last, firstAt, lastAt, findings: found.slice(0, FINDINGS_MAX) };
}

/** The head that a key has signed, of the log that has this key; a string: why it is none. */
export function headIn(note: string, verifierKey: string): TreeHead | string {
  const text = openNote(note, verifierKey);
  const head = text === undefined ? undefined : readTreeHead(text);
  if (head === undefined) return `the head is not signed by ${verifierKey}`;
  return verifierKey.startsWith(`${head.origin}+`) ? head : `the head is of ${head.origin}, the key of another log`;
}

/** The records one after the other: each is one, names the one before it, and stands in its place. */
class RecordWalk {
  readonly findings: string[] = [];
  readonly #expected: Pick<Expected, "against" | "onRecord">;
  last: Head = { seq: 0, hash: GENESIS_HASH };
  firstAt: string | null = null;
  lastAt: string | null = null;

  constructor(expected: Pick<Expected, "against" | "onRecord">) {
    this.#expected = expected;
  }

  take(entry: Buffer, number: number, tree: MerkleTree): void {
    const text = entry.toString("utf8");
    const sealed = Buffer.from(text).equals(entry) ? unseal(text) : undefined;
    const faults = sealed === undefined ? ["is no audit record"] : chainFaults(sealed, this.last);
    for (const fault of faults) this.#find(`record ${number} ${fault}`);
    // One that is wrong is one finding: the next is compared with what stands there.
    this.last = { seq: number, hash: sha256Hex(text) };
    this.lastAt = sealed?.record.at ?? null;
    if (number === 1) this.firstAt = this.lastAt;
    const { against, onRecord } = this.#expected;
    if (against?.size === number) this.#compare(against, tree);
    if (sealed !== undefined) onRecord?.(sealed);
  }

  #compare({ size, head, root, at }: Checkpoint, tree: MerkleTree): void {
    if (head === this.last.hash && root === tree.root()) return;
    this.#find(`the first ${size} records are not those that a checkpoint was signed over at ${at}`);
  }

  #find(text: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(text);
  }
}

/** What is there and cannot be read is not missing: nothing can be said of such a folder. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw fileError(EXIT.unavailable, path, error);
  }
}
