import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { syncFolder } from "@countersign/config/durable-file";
import { AuditEntry } from "@countersign/contracts/audit";

const BYTES_MAX = 64 * 1024 * 1024;

export type Spill = Pick<SpillFile, "append" | "replay">;

/** Audit records that the audit could not take yet: one JSON line each, on the disk before `append` returns. */
export class SpillFile {
  readonly #file: string;
  readonly #replaying: string;
  #bytes = 0;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#file = join(directory, "audit-spill.ndjson");
    this.#replaying = join(directory, "audit-spill.replaying.ndjson");
  }

  /** Throws when the disk refuses or the file has reached its bound: then the effect must not happen either. */
  append(entry: AuditEntry): void {
    // Begins with the end of a line: of one before it that the disk took only half of, this one is no part.
    const line = Buffer.from(`\n${JSON.stringify(entry)}\n`);
    if (this.#bytes + line.length > BYTES_MAX) throw new Error("the spill file of the audit is full");
    const isNew = !existsSync(this.#file);
    const handle = openSync(this.#file, "a", 0o600);
    try {
      // A disk that is nearly full takes a part and says so only in the number.
      for (let done = 0; done < line.length; ) done += writeSync(handle, line, done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // The file's name must outlive a power cut too, not only what is in it.
    if (isNew) syncFolder(dirname(this.#file));
    this.#bytes += line.length;
  }

  /** Hands every record to `send`, oldest first; what was sent is forgotten only when all were. A crash may repeat some. */
  async replay(send: (entry: AuditEntry) => Promise<unknown>): Promise<number> {
    let count = 0;
    // A replay that broke off has left its records behind; newer ones have come since.
    while (this.#take()) count += await this.#replayTaken(send);
    return count;
  }

  /** False: nothing waits. */
  #take(): boolean {
    if (existsSync(this.#replaying)) return true;
    if (!existsSync(this.#file)) return false;
    renameSync(this.#file, this.#replaying);
    this.#bytes = 0;
    return true;
  }

  async #replayTaken(send: (entry: AuditEntry) => Promise<unknown>): Promise<number> {
    const lines = readFileSync(this.#replaying, "utf8").split("\n");
    let count = 0;
    for (const line of lines) {
      const entry = parseLine(line);
      if (entry === undefined) continue;
      await send(entry);
      count += 1;
    }
    rmSync(this.#replaying);
    return count;
  }
}

/** Undefined for an empty line and for one that a crash cut off. */
function parseLine(line: string): AuditEntry | undefined {
  try {
    return AuditEntry.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
