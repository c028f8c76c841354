import { join } from "node:path";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { AuditEntry, AuditKind } from "@countersign/contracts/audit";
import type { SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { Fault } from "@countersign/contracts/denial";
import { newNonce } from "@countersign/ids/ids";
import { type Head, unseal } from "@countersign/tlog/audit-chain";
import { AcknowledgedMark } from "./acknowledged-mark.ts";
import type { AuditStream } from "./audit-stream.ts";
import { ChainWriter } from "./chain-writer.ts";
import { CheckpointFile } from "./checkpoint-file.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { AuditWriterConfig } from "./config.ts";
import { Journal } from "./journal.ts";
import type { LogEvents } from "./log-events.ts";
import { OWN_PRODUCER } from "./record.ts";
import { IntegrityError, recover } from "./recover.ts";
import { type Verification, verifyAudit } from "./verify.ts";

const RETRY_MS = 500;

export interface AuditLogDeps {
  readonly stream: AuditStream;
  readonly dataDir: string;
  readonly config: AuditWriterConfig;
  readonly clock: Clock;
  readonly log: LogEvents;
  /** Stream and journal disagree, or another writer is at work: the process should die with this reason. */
  readonly onFatal: (reason: string) => void;
}

/** The audit as one thing: journal, mark and chain, opened as soon as the stream can be read. */
export class AuditLog {
  readonly stream: AuditStream;
  readonly #deps: AuditLogDeps;
  readonly #journal: Journal;
  readonly #mark: AcknowledgedMark;
  readonly #checkpoints: Checkpoints;
  #writer: ChainWriter | undefined;
  #closed = false;
  #detail = "starting";

  constructor(deps: AuditLogDeps) {
    this.#deps = deps;
    this.stream = deps.stream;
    const folder = join(deps.dataDir, "audit-writer");
    this.#journal = Journal.open(folder);
    this.#mark = AcknowledgedMark.open(folder);
    const { stream, clock, config } = deps;
    const file = CheckpointFile.open(folder, config.checkpoints.copyFolder);
    this.#checkpoints = new Checkpoints({ stream, file, clock, readsInFlight: config.readsInFlight });
  }

  /** Takes the chain up where it ended. Waits for the stream as long as it takes; contradictions are fatal. */
  async open(): Promise<void> {
    while (!this.#closed && this.#writer === undefined) {
      try {
        await this.#takeUp();
      } catch (error) {
        this.#detail = error instanceof Error ? error.message : String(error);
        if (!(error instanceof Fault)) return this.#fatal(this.#detail);
        this.#deps.log.waitingForStream(error);
        await this.#deps.clock.sleep(RETRY_MS);
      }
    }
  }

  async #takeUp(): Promise<void> {
    const { stream, clock, config, log } = this.#deps;
    const recovered = await recover({
      stream,
      journal: this.#journal,
      acknowledged: this.#mark.value,
      pendingMax: config.pendingMax,
      readsInFlight: config.readsInFlight,
    });
    const { head, unconfirmed, repairs } = recovered;
    await this.#checkpoints.check(head, async (seq) => unseal((await stream.read(seq))?.text ?? "")?.hash);
    log.recovered({ ...head, unconfirmed: unconfirmed.length, repairs });
    const deps = { stream, clock, journal: this.#journal, mark: this.#mark, onResync: log.resync };
    const onFatal = (reason: string) => this.#fatal(reason);
    this.#writer = new ChainWriter({ ...deps, ...config, onFatal }, head, unconfirmed);
    await this.#writer.opened();
    if (repairs.length > 0) await this.#note("audit.gap", { repairs: [...repairs] });
    await this.#note("service.started", { seq: head.seq, hash: head.hash });
  }

  /** A record of this service itself. The first one is also the fence: of two writers only one gets it in. */
  async #note(kind: AuditKind, body: AuditEntry["body"]): Promise<void> {
    const actor = { kind: "service" as const, id: OWN_PRODUCER };
    const entry = { kind, at: utcText(this.#deps.clock.nowMs()), correlationId: newNonce(), actor, body };
    await this.#writer?.append(OWN_PRODUCER, [entry]);
  }

  append(producer: string, entries: readonly AuditEntry[]): Promise<Head> {
    if (this.#writer === undefined) return Promise.reject(new Fault("AUDIT_UNAVAILABLE", this.#detail));
    return this.#writer.append(producer, entries);
  }

  settled(): Head {
    if (this.#writer === undefined) throw new Fault("AUDIT_UNAVAILABLE", this.#detail);
    return this.#writer.settled();
  }

  /** Signs what is settled. Throws a Fault when the stream does not answer. */
  async checkpoint(): Promise<SignedCheckpoint | undefined> {
    return this.#checkpoints.make(this.settled());
  }

  /** The same, with its note. Throws a Fault when the stream does not answer, or does not hold what is settled. */
  async head(): Promise<NonNullable<Awaited<ReturnType<Checkpoints["head"]>>>> {
    try {
      const head = await this.#checkpoints.head(this.settled());
      if (head !== undefined) return head;
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      throw new Fault("STORE_REFUSED", `${error.message}: verify`, { cause: error });
    }
    throw new Fault("AUDIT_UNAVAILABLE", "nothing is on record yet");
  }

  async verify(against: SignedCheckpoint | null = null): Promise<Verification> {
    const { stream, config, log } = this.#deps;
    const settled = this.settled();
    const { readsInFlight } = config;
    const journal = this.#journal;
    const { all: checkpoints } = this.#checkpoints;
    const altered = this.#checkpoints.altered();
    const kept = { checkpoints, altered, against };
    const verification = await verifyAudit({ stream, journal, settled, readsInFlight, ...kept });
    if (!verification.ok) log.tampered(verification.findings);
    return verification;
  }

  status(): { ok: boolean; detail: string } {
    return this.#writer?.status() ?? { ok: false, detail: this.#detail };
  }

  #fatal(reason: string): void {
    this.#closed = true;
    this.#detail = reason;
    this.#deps.log.fatal(reason);
    this.#deps.onFatal(reason);
  }

  close(): void {
    this.#closed = true;
    this.#journal.close();
    this.#mark.close();
  }
}
