import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { WhatToShow } from "@countersign/contracts/bars";
import { type Denial, Fault } from "@countersign/contracts/denial";
import type { BarSource } from "./bar-source.ts";
import type { BarsSettings } from "./bars-settings.ts";
import { otherCost } from "./costs.ts";
import type { Pace } from "./pace.ts";
import type { Patience } from "./patience.ts";
import { SharedLoads } from "./shared-loads.ts";

export interface Head {
  readonly earliestMs: number;
  readonly source: string;
  readonly asOf: string;
}
type Told = { readonly outcome: "ok"; readonly value: Head } | { readonly outcome: "denied"; readonly denial: Denial };

/** How far back the broker's data goes. It hardly ever changes, so it is kept for long. */
export class Heads {
  readonly #source: BarSource;
  readonly #settings: BarsSettings;
  readonly #loads: SharedLoads<Told>;

  constructor(deps: { clock: Clock; source: BarSource; settings: BarsSettings; pace: Pace }) {
    this.#source = deps.source;
    this.#settings = deps.settings;
    this.#loads = new SharedLoads({ clock: deps.clock, pace: deps.pace, entriesMax: deps.settings.pagesKeptMax });
  }

  metrics() {
    return this.#loads.metrics();
  }

  /** Throws PacingRefused, and a Fault when the broker does not answer in time. */
  async get(
    asked: { readonly conid: number; readonly whatToShow: WhatToShow; readonly regularHoursOnly: boolean },
    patience: Patience,
  ): Promise<Told> {
    const { conid, whatToShow, regularHoursOnly } = asked;
    const { headTtlMs, noDataTtlMs } = this.#settings;
    const maxAgeMs = (told: Told) => (told.outcome === "ok" ? headTtlMs : noDataTtlMs);
    const how = { maxAgeMs, cost: otherCost(conid), patience };
    const load = async (): Promise<Told> => {
      const reply = await this.#source.head({ conid, whatToShow, regularHoursOnly });
      if (reply.outcome === "denied") return reply;
      const { earliest, source, asOf } = reply.value;
      return { outcome: "ok", value: { earliestMs: parseUtcText(earliest), source, asOf } };
    };
    const told = await patience.waitFor(this.#loads.get(`${conid} ${whatToShow} ${regularHoursOnly}`, how, load));
    if (told === undefined) throw new Fault("TIMEOUT", "the broker did not say in time how far back its data goes");
    return told.value.value;
  }
}
