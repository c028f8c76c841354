import { Fault } from "@countersign/contracts/denial";
import type { Request } from "../session/requests.ts";
import type { ReadEvent } from "../session/wire-reads.ts";
import { type ReadDeps, shared } from "./reader.ts";
import { scanParametersOf } from "./scan-parameters.ts";

const TIMEOUT_MS = 6_000;
const XML_TIMEOUT_MS = 15_000;

type Row<K extends ReadEvent["kind"]> = Extract<ReadEvent, { kind: K }>;

/** Questions whose answers carry no id: one of a kind at a time, and whoever asks meanwhile gets the same answer. */
export class SharedReads {
  readonly #deps: ReadDeps;
  readonly familyCodes = shared(() => this.#familyCodes());
  readonly depthExchanges = shared(() => this.#depthExchanges());
  readonly newsProviders = shared(() => this.#newsProviders());
  readonly scanParameters = shared(() => this.#scanParameters());

  constructor(deps: ReadDeps) {
    this.#deps = deps;
  }

  /** Rules carry their id, so several may be asked for at once. */
  marketRule(ruleId: number): Promise<{ ruleId: number; steps: { from: string; step: string }[] }> {
    return this.#deps.requests.askUnnumbered({
      what: "a market rule",
      timeoutMs: TIMEOUT_MS,
      send: (connection) => connection.reads.marketRule(ruleId),
      on: (event) => {
        if (event.kind !== "marketRule" || event.ruleId !== ruleId) return undefined;
        const steps = event.rows.map(({ lowEdge, increment }) => ({ from: lowEdge, step: increment }));
        if (steps.length === 0 || !steps.every(isStep)) return { failure: broken("a market rule without its steps") };
        return { result: { ruleId, steps } };
      },
    });
  }

  #familyCodes() {
    return this.#one("familyCodes", "family codes", {
      send: (connection) => connection.reads.familyCodes(),
      read: ({ rows }) => ({ rows: rows.map(({ account, code }) => ({ account, code: code === "" ? null : code })) }),
    });
  }

  #depthExchanges() {
    return this.#one("depthExchanges", "depth exchanges", {
      send: (connection) => connection.reads.depthExchanges(),
      read: ({ rows }) => ({
        exchanges: rows.map(({ exchange, secType, listingExchange, serviceDataType, aggregationGroup }) => ({
          ...{ exchange, secType, listingExchange, service: serviceDataType, aggregationGroup },
        })),
      }),
    });
  }

  #newsProviders() {
    return this.#one("newsProviders", "news providers", {
      send: (connection) => connection.reads.newsProviders(),
      read: ({ rows }) => ({ providers: [...rows] }),
    });
  }

  #scanParameters() {
    return this.#one("scannerParameters", "scanner parameters", {
      send: (connection) => connection.reads.scanParameters(),
      read: ({ xml }) => scanParametersOf(xml),
    });
  }

  #one<K extends ReadEvent["kind"], T>(
    kind: K,
    what: string,
    how: { readonly send: Request<T>["send"]; readonly read: (event: Row<K>) => T },
  ): Promise<T> {
    return this.#deps.requests.askUnnumbered({
      what,
      timeoutMs: kind === "scannerParameters" ? XML_TIMEOUT_MS : TIMEOUT_MS,
      send: how.send,
      on: (event) => (event.kind === kind ? { result: how.read(event as Row<K>) } : undefined),
    });
  }
}

function isStep(row: { from: string | null; step: string | null }): row is { from: string; step: string } {
  return row.from !== null && row.step !== null && row.step !== "0" && !row.step.startsWith("-");
}

function broken(what: string): Fault {
  return new Fault("BROKER_REFUSED", `TWS sent ${what}`);
}
