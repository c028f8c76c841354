import {
  closeSync,
  createReadStream,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const syncData = promisify(fdatasync);
const NEWLINE = 0x0a;

export interface JournalTail {
  /** Complete lines in the file. */
  readonly lines: number;
  /** The last complete lines as bytes, as many as were asked for, oldest first. */
  readonly last: readonly Buffer[];
}

/** The second copy of the audit: one canonical record per line, on this machine's own disk. */
export class Journal {
  readonly path: string;
  readonly #fd: number;
  #size: number;
  #waiting: { text: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #committing = false;
  #failed: unknown;

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
  }

  static open(folder: string): Journal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, "journal.ndjson");
    const journal = new Journal(path, openSync(path, "a+", 0o600));
    const folderFd = openSync(folder, "r");
    // The file's name must survive a power cut too, not only its content.
    fsyncSync(folderFd);
    closeSync(folderFd);
    return journal;
  }

  /** Counts the lines and cuts off a torn last one: it was being written when the process died, so nobody was told of it. */
  async load(keepLast: number): Promise<JournalTail & { tornBytes: number }> {
    const last: Buffer[] = [];
    let lines = 0;
    let wholeBytes = 0;
    for await (const line of this.lines()) {
      lines += 1;
      wholeBytes += line.length + 1;
      last.push(Buffer.from(line));
      if (last.length > keepLast) last.shift();
    }
    const tornBytes = this.#size - wholeBytes;
    if (tornBytes > 0) this.#truncate(wholeBytes);
    return { lines, last, tornBytes };
  }

  /** Takes the given last lines off again. Only for lines that nobody was told of, and before the first append. */
  cut(lines: readonly Buffer[]): void {
    this.#truncate(this.#size - lines.reduce((sum, line) => sum + line.length + 1, 0));
  }

  #truncate(bytes: number): void {
    ftruncateSync(this.#fd, bytes);
    fsyncSync(this.#fd);
    this.#size = bytes;
  }

  /** Complete lines as bytes, without their newline, up to the size of now. */
  async *lines(): AsyncGenerator<Buffer> {
    if (this.#size === 0) return;
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(this.path, { end: this.#size - 1, highWaterMark: 1 << 20 })) {
      let data = Buffer.concat([rest, chunk as Buffer]);
      for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE)) {
        yield data.subarray(0, end);
        data = data.subarray(end + 1);
      }
      rest = data;
    }
  }

  /** Resolves when the line is on the disk. Lines of one turn share a sync, and lines that come while one runs the next. */
  append(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      if (!this.#committing) void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    this.#committing = true;
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        this.#write(Buffer.from(batch.map((line) => `${line.text}\n`).join("")));
        await syncData(this.#fd);
        for (const line of batch) line.resolve();
      } catch (error) {
        // After a failed sync nobody knows what is on the disk: this journal takes nothing more.
        this.#failed = error;
        for (const line of batch) line.reject(error);
      }
    }
    this.#committing = false;
  }

  #write(data: Buffer): void {
    if (this.#failed !== undefined) throw new Error("the journal failed before", { cause: this.#failed });
    if (fstatSync(this.#fd).size !== this.#size) throw new Error(`somebody else writes to ${this.path}`);
    for (let done = 0; done < data.length; ) done += writeSync(this.#fd, data, done);
    this.#size += data.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
