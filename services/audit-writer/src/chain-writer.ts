import { type Clock, utcText } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { Fault } from "@countersign/contracts/denial";
import type { Head, SealedRecord } from "@countersign/tlog/audit-chain";
import type { AcknowledgedMark } from "./acknowledged-mark.ts";
import type { AuditStream } from "./audit-stream.ts";
import type { Journal } from "./journal.ts";
import { seal } from "./record.ts";

const RESYNC_PAUSE_MS = 250;

export interface ChainWriterDeps {
  readonly stream: AuditStream;
  readonly journal: Pick<Journal, "append">;
  readonly mark: Pick<AcknowledgedMark, "set">;
  readonly clock: Clock;
  readonly pendingMax: number;
  readonly recordBytesMax: number;
  readonly onResync: (reason: string) => void;
  /** This writer must not write any more: the process should die with this reason. */
  readonly onFatal: (reason: string) => void;
}

interface Pending {
  readonly sealed: SealedRecord;
  journaled: boolean;
  stored: boolean;
  readonly settle: PromiseWithResolvers<Head>;
}

/**
 * The one writer of the chain. Records are sealed in the order of the calls and sent without waiting for one another;
 * each is settled when it is in the stream and in the journal. Whatever the stream does not confirm is resolved by
 * looking at the stream, never by guessing.
 */
export class ChainWriter {
  readonly #deps: ChainWriterDeps;
  readonly #pending: Pending[] = [];
  #sealed: Head;
  #settled: Head;
  #state: "open" | "resyncing" | "closed" = "open";
  #reason = "";
  #sending = 0;

  /** `unconfirmed`: records that the journal has and the stream does not, in order; they are sent first. */
  constructor(deps: ChainWriterDeps, settled: Head, unconfirmed: readonly SealedRecord[] = []) {
    this.#deps = deps;
    this.#settled = settled;
    this.#sealed = unconfirmed.at(-1) ?? settled;
    for (const sealed of unconfirmed) this.#enqueue(sealed, true);
    if (unconfirmed.length > 0) this.#startResync("the journal is ahead of the stream");
  }

  /** The last record that is in both places. */
  settled(): Head {
    return this.#settled;
  }

  /** Resolves when nothing of before the start is in doubt any more; the outcome is in `status`. */
  async opened(): Promise<void> {
    await Promise.allSettled(this.#pending.map((pending) => pending.settle.promise));
    while (this.#state === "resyncing") await this.#deps.clock.sleep(RESYNC_PAUSE_MS / 10);
  }

  status(): { ok: boolean; detail: string } {
    if (this.#state !== "open") return { ok: false, detail: this.#reason };
    return { ok: true, detail: `${this.#settled.seq} records, ${this.#pending.length} pending` };
  }

  /**
   * Resolves with the last record when all are durable in both places. Throws a Fault with effect none when they were
   * not even sealed: all of them, or none.
   */
  async append(producer: string, entries: readonly AuditEntry[]): Promise<Head> {
    const { clock, pendingMax } = this.#deps;
    if (this.#state !== "open") throw new Fault("AUDIT_UNAVAILABLE", `the audit takes nothing: ${this.#reason}`);
    if (this.#pending.length + entries.length > pendingMax) {
      throw new Fault("BUSY", `${this.#pending.length} records are waiting; at most ${pendingMax} may`);
    }
    const sealed = this.#sealAll(producer, utcText(clock.nowMs()), entries);
    this.#sealed = sealed.at(-1) ?? this.#sealed;
    const heads = sealed.map((record) => this.#take(record));
    return (await Promise.all(heads)).at(-1) ?? this.#settled;
  }

  #sealAll(producer: string, at: string, entries: readonly AuditEntry[]): SealedRecord[] {
    const sealed: SealedRecord[] = [];
    for (const entry of entries) sealed.push(seal(sealed.at(-1) ?? this.#sealed, producer, at, entry));
    const tooLong = sealed
      .map(({ text }) => Buffer.byteLength(text))
      .find((bytes) => bytes > this.#deps.recordBytesMax);
    if (tooLong !== undefined) throw new Fault("SCHEMA_UNSUPPORTED", `an audit record of ${tooLong} bytes`);
    return sealed;
  }

  #take(sealed: SealedRecord): Promise<Head> {
    const pending = this.#enqueue(sealed, false);
    void this.#send(pending);
    this.#deps.journal.append(sealed.text).then(
      () => this.#advance(pending, "journaled"),
      (error: unknown) => this.#fail(`the journal cannot be written: ${String(error)}`),
    );
    return pending.settle.promise;
  }

  #enqueue(sealed: SealedRecord, journaled: boolean): Pending {
    const pending: Pending = { sealed, journaled, stored: false, settle: Promise.withResolvers<Head>() };
    // A caller that no longer waits must not bring the process down.
    pending.settle.promise.catch(() => undefined);
    this.#pending.push(pending);
    return pending;
  }

  #advance(pending: Pending, where: "journaled" | "stored"): void {
    pending[where] = true;
    const open = this.#pending.findIndex((one) => !(one.journaled && one.stored));
    const settled = this.#pending.splice(0, open === -1 ? this.#pending.length : open);
    const last = settled.at(-1);
    if (last === undefined) return;
    this.#settled = { seq: last.sealed.seq, hash: last.sealed.hash };
    this.#deps.mark.set(last.sealed.seq);
    for (const { sealed, settle } of settled) settle.resolve({ seq: sealed.seq, hash: sealed.hash });
  }

  /** One try. What comes back decides only that it is stored; everything else is left to the resync. */
  async #send(pending: Pending): Promise<void> {
    this.#sending += 1;
    let doubt: string | undefined;
    try {
      const answer = await this.#deps.stream.append(pending.sealed);
      if (answer.outcome === "conflict") doubt = `record ${pending.sealed.seq} met a conflict`;
      else if (answer.sequence !== pending.sealed.seq) doubt = `record ${pending.sealed.seq} is at ${answer.sequence}`;
    } catch (error) {
      doubt = error instanceof Error ? error.message : String(error);
    }
    this.#sending -= 1;
    if (doubt === undefined) {
      this.#advance(pending, "stored");
      this.#openWhenSettled();
    } else if (this.#state === "open") {
      this.#startResync(doubt);
    }
  }

  #startResync(reason: string): void {
    this.#state = "resyncing";
    this.#reason = reason;
    this.#deps.onResync(reason);
    void this.#resync();
  }

  async #resync(): Promise<void> {
    while (this.#state === "resyncing") {
      try {
        // Only when nothing is on its way any more does the stream's head mean something.
        if (this.#sending === 0 && (await this.#adoptStored())) return;
      } catch (error) {
        this.#reason = error instanceof Error ? error.message : String(error);
      }
      await this.#deps.clock.sleep(RESYNC_PAUSE_MS);
    }
  }

  /** Compares the stream's head with ours, settles what is there and sends what is not. True: nothing is left in doubt. */
  async #adoptStored(): Promise<boolean> {
    const { stream } = this.#deps;
    const missing = this.#pending.filter((pending) => !pending.stored);
    const first = missing[0];
    const last = await stream.lastSequence();
    const before = (first?.sealed.seq ?? this.#sealed.seq + 1) - 1;
    if (last < before) return this.#fail(`the stream lost records: it ends at ${last}, acknowledged were ${before}`);
    if (last > this.#sealed.seq) return this.#fail(`another writer appended record ${last}`);
    const ours = this.#textAt(last);
    if (ours !== undefined && (await stream.read(last))?.text !== ours) {
      return this.#fail(`record ${last} of the stream is not ours: another writer appended it`);
    }
    for (const pending of missing) if (pending.sealed.seq <= last) this.#advance(pending, "stored");
    const unsent = missing.filter((pending) => pending.sealed.seq > last);
    await Promise.all(unsent.map((pending) => this.#send(pending)));
    if (unsent.some((pending) => !pending.stored)) return false;
    this.#openWhenSettled();
    return true;
  }

  /** At once, so that a caller who has just been answered is not refused. */
  #openWhenSettled(): void {
    if (this.#state === "resyncing" && this.#pending.every((pending) => pending.stored)) this.#state = "open";
  }

  #textAt(seq: number): string | undefined {
    return this.#pending.find((pending) => pending.sealed.seq === seq)?.sealed.text;
  }

  #fail(reason: string): true {
    if (this.#state === "closed") return true;
    this.#state = "closed";
    this.#reason = reason;
    const fault = new Fault("AUDIT_UNAVAILABLE", reason, { effect: "unknown" });
    for (const pending of this.#pending.splice(0)) pending.settle.reject(fault);
    this.#deps.onFatal(reason);
    return true;
  }
}
