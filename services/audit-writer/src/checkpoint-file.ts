import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Checkpoint, SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { createSigner, generateKeyPair, publicKeyOf } from "@countersign/ids/ed25519";
import { sha256Hex } from "@countersign/ids/hash";
import { readCheckpoint, signedText } from "@countersign/tlog/checkpoint";
import { signNote, treeHeadText, verifierKeyOf } from "@countersign/tlog/note";

const FILE = "checkpoints.ndjson";
const KEY = "checkpoint-key.pem";

/**
 * Signed checkpoints on disks that NATS does not write: beside the journal, and where the configuration says. The key is made
 * at the first start and never leaves the folder; who keeps its public half, or a checkpoint, elsewhere can tell later
 * whether the record was rewritten, even by the owner of this machine.
 */
export class CheckpointFile {
  readonly #files: readonly OneFile[];
  readonly #sign: (text: string) => string;
  readonly publicKey: string;
  #all: SignedCheckpoint[];

  private constructor(files: readonly OneFile[], privateKeyPem: string, all: SignedCheckpoint[]) {
    this.#files = files;
    this.#sign = createSigner(privateKeyPem);
    this.publicKey = publicKeyOf(privateKeyPem);
    this.#all = all;
  }

  /** Throws when a line is no checkpoint, except a torn last one: a disk that changed what was signed is not gone on from. */
  static open(folder: string, copyFolder: string | null): CheckpointFile {
    const folders = copyFolder === null ? [folder] : [folder, copyFolder];
    for (const one of folders) mkdirSync(one, { recursive: true, mode: 0o700 });
    const files = folders.map((one) => join(one, FILE));
    const read = files.map(readFile);
    // The copy may lie on a disk that outlived this one; the longer of them is what was signed last.
    const all = read.reduce((longest, one) => (one.length > longest.length ? one : longest), []);
    for (const [index, one] of read.entries())
      if (one.some((line, at) => line.signature !== all[at]?.signature))
        throw new Error(`${files[index]} does not begin as the other file of checkpoints`);
    const written = files.map((path, index) => ({ path, lines: read[index]?.length ?? 0 }));
    const opened = new CheckpointFile(written, keyIn(folder), all);
    opened.complete();
    return opened;
  }

  get all(): readonly SignedCheckpoint[] {
    return this.#all;
  }

  /** Returns when it is on every disk. What a disk refused is signed all the same, and is written there before the next one. */
  add(checkpoint: Checkpoint): SignedCheckpoint {
    const signature = this.#sign(signedText(checkpoint));
    const signed = { checkpoint, publicKey: this.publicKey, signature };
    this.#all = [...this.#all, signed];
    this.complete();
    return signed;
  }

  /** Size and root once more, in the form of a note that other tools read, by the same key. */
  noteOf({ size, root }: Checkpoint): { note: string; verifierKey: string } {
    const signer = { name: this.origin, publicKey: this.publicKey, sign: this.#sign };
    return {
      note: signNote(treeHeadText({ origin: this.origin, size, root }), signer),
      verifierKey: verifierKeyOf(signer),
    };
  }

  /** Of the log, and of the key that signs it: another key would be another log. */
  get origin(): string {
    return `countersign/audit/${sha256Hex(this.publicKey).slice(0, 16)}`;
  }

  /**
   * Disks that do not hold what this process has read there and written since, one sentence each. Empty: all do. A copy that
   * cannot be read says nothing: its disk may be away for a while.
   */
  altered(): string[] {
    return this.#files.flatMap(({ path, lines }, index) => {
      const text = textIn(path);
      const isAway = text === undefined && index > 0;
      if (lines === 0 || isAway || text === textOf(this.#all.slice(0, lines))) return [];
      return [`${path} does not hold the ${lines} checkpoints that were signed`];
    });
  }

  /** Writes to each disk what it does not have yet, so that no two of them ever differ but in their length. */
  complete(): void {
    const failed: unknown[] = [];
    for (const file of this.#files) {
      try {
        write(file.path, this.#all.slice(file.lines));
        file.lines = this.#all.length;
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0];
  }
}

/** What these lines are on the disk. */
function textOf(lines: readonly SignedCheckpoint[]): string {
  return lines.map((signed) => `${JSON.stringify(signed)}\n`).join("");
}

interface OneFile {
  readonly path: string;
  /** Complete lines on this disk. */
  lines: number;
}

/** Undefined: it cannot be read. */
function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function keyIn(folder: string): string {
  const path = join(folder, KEY);
  if (!existsSync(path)) writeFileSync(path, generateKeyPair().privateKeyPem, { mode: 0o600, flag: "wx", flush: true });
  return readFileSync(path, "utf8");
}

/** A last line without its end was being written when the process died: it is written anew. */
function readFile(path: string): SignedCheckpoint[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) writeFileSync(path, whole, { mode: 0o600, flush: true });
  const lines = whole.split("\n").slice(0, -1);
  return lines.map((line, index) => {
    const signed = readCheckpoint(line);
    if (signed === undefined) throw new Error(`line ${index + 1} of ${path} is no signed checkpoint`);
    return signed;
  });
}

/** All of them, or none: half a line would be read as part of the next one. */
function write(path: string, missing: readonly SignedCheckpoint[]): void {
  if (missing.length === 0) return;
  const data = Buffer.from(textOf(missing));
  const file = openSync(path, "a", 0o600);
  const { size } = fstatSync(file);
  try {
    for (let done = 0; done < data.length; ) done += writeSync(file, data, done);
    fsyncSync(file);
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  } finally {
    closeSync(file);
  }
}
