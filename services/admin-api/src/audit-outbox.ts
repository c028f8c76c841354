import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fittedEntry } from "@countersign/bus/fitted-entry";
import type { Clock } from "@countersign/clock/clock";
import { AuditEntry } from "@countersign/contracts/audit";

const WAITING_MAX = 10_000;

/**
 * Records of what must not wait for the audit, such as a kill: they go into a file first and into the audit as soon as it
 * takes them, also after a restart. A record may come twice, never not at all.
 */
export class AuditOutbox {
  readonly #file: string;
  readonly #audit: (entry: AuditEntry) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #retryMs: number;
  #waiting: AuditEntry[];
  #lost = 0;
  #failing = "";
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(options: {
    file: string;
    audit: (entry: AuditEntry) => Promise<unknown>;
    clock: Clock;
    retryMs: number;
  }) {
    this.#file = options.file;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#retryMs = options.retryMs;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    this.#waiting = readEntries(this.#file);
    if (this.#waiting.length > 0) this.#start();
  }

  /**
   * Outlives this process when it returns; what must outlive the machine, the setting itself, is in the control stream.
   * A file that cannot be written leaves the record in memory only, and `status` says so.
   */
  put(entry: AuditEntry): void {
    if (this.#waiting.length >= WAITING_MAX) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(entry);
    try {
      // Begins with the end of a line: of one before it that the disk took only half of, this one is no part.
      appendFileSync(this.#file, `\n${JSON.stringify(entry)}\n`, { mode: 0o600 });
    } catch (error) {
      this.#failing = `the outbox cannot be written: ${error instanceof Error ? error.message : error}`;
    }
    this.#start();
  }

  status(): { ok: boolean; detail: string } {
    const detail = `${this.#waiting.length} records waiting, ${this.#lost} lost`;
    return {
      ok: this.#failing === "" && this.#lost === 0,
      detail: this.#failing === "" ? detail : `${detail}: ${this.#failing}`,
    };
  }

  async close(waitMs: number): Promise<void> {
    await Promise.race([this.#draining ?? Promise.resolve(), this.#clock.sleep(waitMs)]);
    this.#closed = true;
  }

  #start(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      if (this.#waiting.length > 0 && !this.#closed) this.#start();
    });
  }

  async #drain(): Promise<void> {
    while (!this.#closed) {
      const [entry] = this.#waiting;
      if (entry === undefined) return;
      try {
        await this.#audit(fittedEntry(entry));
        this.#failing = "";
        this.#waiting.shift();
        this.#rewrite();
      } catch (error) {
        this.#failing = error instanceof Error ? error.message : String(error);
        await this.#clock.sleep(this.#retryMs);
      }
    }
  }

  #rewrite(): void {
    const next = `${this.#file}.new`;
    writeFileSync(next, this.#waiting.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

/** A last line that was cut by a crash was never acknowledged to anybody. */
function readEntries(file: string): AuditEntry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const parsed = AuditEntry.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
