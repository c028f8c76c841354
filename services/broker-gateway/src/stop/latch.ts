import type { Standing } from "@countersign/bus/control-state";
import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import { type Clock, utcText } from "@countersign/clock/clock";
import { type KillLatch, readLatch, removeLatch, stopFileReason, writeLatch } from "@countersign/config/kill-latch";
import type { Random } from "@countersign/ids/random";
import type { Logger } from "@countersign/log/logger";

export interface LatchDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
  readonly view: Pick<
    ControlView,
    "stated" | "settings" | "trips" | "fresh" | "sequence" | "newestLoosening" | "onChange"
  >;
  readonly wire: Pick<Tripwire<"broker-gateway">, "trip" | "unwritten">;
  /** Where the latch lies. */
  readonly file: string;
  /** A file of the operators' choice whose presence stops; undefined: none. */
  readonly killFile: string | undefined;
}

/**
 * The stop on this machine. It is set when the gateway sees HALTED, by a command beside it, or by a signal, and holds
 * whatever NATS says; a restart, or a stream that lost its last messages, does not loosen it.
 */
export class Latch {
  readonly #deps: LatchDeps;
  readonly #listeners = new Set<() => void>();
  #seen = "";
  /** Id of the latch whose trip was last handed over to be written. */
  #telling = "";

  constructor(deps: LatchDeps) {
    this.#deps = deps;
    deps.view.onChange(() => this.look());
    this.look();
  }

  /** Why this machine sends nothing; undefined: it stands against nothing. Asks the disk, in the tick of the call. */
  stands(): Standing | undefined {
    const { file, killFile } = this.#deps;
    const reason = stopFileReason(file) ?? (killFile === undefined ? undefined : stopFileReason(killFile));
    return reason === undefined ? undefined : { level: "HALTED", reason: `local stop: ${reason}` };
  }

  read(): KillLatch | undefined {
    return readLatch(this.#deps.file);
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Sets the latch from this process, for a signal. */
  set(by: string, reason: string): void {
    this.#write("signal", by, reason);
    this.look();
  }

  /** Brings latch and control stream together: each stop is made known to the other, and a reset undoes both. */
  look(): void {
    const { view, file, killFile } = this.#deps;
    if (killFile !== undefined) this.#tellKillFile(killFile);
    const latch = readLatch(file);
    if (latch === undefined) {
      if (this.#isHalted()) this.#write("control", "control stream", view.stated({}).reason.slice(0, 500) || "HALTED");
    } else if (latch.source === "control") this.#letGoWhenLoosened(latch);
    else this.#tellLatch(latch);
    this.#notify(latch);
  }

  /** Somebody set it, as opposed to: nobody ever did, or nobody can say. */
  #isHalted(): boolean {
    const { view } = this.#deps;
    const said = view.trips().length > 0 || view.settings().some(({ scope }) => scope === "global");
    return said && view.stated({}).level === "HALTED";
  }

  /**
   * Only by something newer than what latched it that takes a HALTED of everything back: a stream that has lost the stop
   * grows past its place with claims, epochs, settings of other scopes and trips to lower levels, and none does.
   */
  #letGoWhenLoosened(latch: KillLatch): void {
    const { view, file, log } = this.#deps;
    if (!view.fresh() || view.stated({}).level === "HALTED" || view.newestLoosening() <= latch.sequence) return;
    removeLatch(file);
    log.warn({ sequence: view.sequence() }, "the local latch is off again: the kill switch was loosened");
  }

  #tellLatch(latch: KillLatch): void {
    const { view, wire, file, log } = this.#deps;
    const entry = view.trips().find(({ service, cause }) => service === "broker-gateway" && cause === "local-latch");
    const told =
      entry !== undefined &&
      entry.trip !== "unreadable" &&
      entry.trip.evidence.some(({ name, value }) => name === "latchId" && value === latch.id);
    if (told && entry.level === "NONE" && view.fresh()) {
      removeLatch(file);
      log.warn({ latchId: latch.id }, "the local latch is off again: a person reset it");
    } else if (!told && this.#telling !== latch.id) {
      this.#telling = latch.id;
      const evidence = { latchId: latch.id, by: latch.by.slice(0, 200), source: latch.source };
      wire.trip({ cause: "local-latch", scope: "global", level: "HALTED", reason: latch.reason, evidence, anew: true });
    }
  }

  #tellKillFile(killFile: string): void {
    const reason = stopFileReason(killFile);
    if (reason === undefined) return;
    this.#deps.wire.trip({ cause: "kill-file", scope: "global", level: "HALTED", reason, evidence: {} });
  }

  #write(source: KillLatch["source"], by: string, reason: string): void {
    const { file, view, clock, random, log } = this.#deps;
    const latch: KillLatch = {
      type: "countersign.kill-latch/1",
      ...{ id: random.nonce(), source, sequence: view.sequence(), by, reason },
      cancelOrders: null,
      at: utcText(clock.nowMs()),
    };
    try {
      writeLatch(file, latch);
      log.error({ source, reason }, "the local latch is set: nothing is sent");
    } catch (error) {
      log.error({ error: String(error) }, "the local latch could not be written");
    }
  }

  #notify(latch: KillLatch | undefined): void {
    const id = latch?.id ?? "";
    if (id === this.#seen) return;
    this.#seen = id;
    for (const listener of this.#listeners) listener();
  }
}
