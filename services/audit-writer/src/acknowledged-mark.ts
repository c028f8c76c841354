import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const DIGITS = 16;

/**
 * How far records were acknowledged, beside the journal. It tells two things apart after a crash: a tail that reached
 * only the journal and that nobody was told of, and a stream that lost what had been acknowledged. Not synced: after a
 * power cut it may say less than the truth, never more.
 */
export class AcknowledgedMark {
  readonly #fd: number;
  #value: number;

  private constructor(fd: number, value: number) {
    this.#fd = fd;
    this.#value = value;
  }

  static open(folder: string): AcknowledgedMark {
    const path = join(folder, "acknowledged");
    closeSync(openSync(path, "a", 0o600));
    const text = readFileSync(path, "utf8");
    const value = /^[0-9]{16}$/.test(text) ? Number(text) : 0;
    return new AcknowledgedMark(openSync(path, "r+"), value);
  }

  /** 0: nothing known to be acknowledged. */
  get value(): number {
    return this.#value;
  }

  set(sequence: number): void {
    this.#value = sequence;
    writeSync(this.#fd, String(sequence).padStart(DIGITS, "0"), 0);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
