import type { Clock } from "@countersign/clock/clock";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import {
  type BySymbol,
  type ByText,
  RESOLVE_MANY_MAX,
  type ResolveBy,
  type Resolved,
} from "@countersign/contracts/messages/md-instruments.v1";
import { ConId } from "@countersign/contracts/primitives";
import type { DetailsBook } from "./details-book.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { passes } from "./filters.ts";
import { identifierReadings, normalIdentifier } from "./identifiers.ts";
import type { Instruments } from "./instruments.ts";
import { decide, type Hit, NOTHING, type Reading, refusedBy, together } from "./reading.ts";
import { refOf } from "./refs.ts";
import { byIdentifier } from "./resolve-identifier.ts";
import { byName, type NameDeps } from "./resolve-name.ts";
import { bySymbol } from "./resolve-symbol.ts";

export interface ResolverDeps extends NameDeps {
  readonly clock: Clock;
  readonly book: DetailsBook;
  readonly instruments: Instruments;
}

const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9 ._/+&*'-]{0,39}$/;
/** What is longer is no symbol that anybody types, but a name. */
const SYMBOL_LENGTH_MAX = 24;
const NO_TERMS = { expiry: null, strike: null, right: null, multiplier: null, tradingClass: null } as const;

/** Which instrument is meant. Never the likeliest: the one, or a denial that lists what there is. */
export class Resolver {
  readonly #deps: ResolverDeps;

  constructor(deps: ResolverDeps) {
    this.#deps = deps;
  }

  async resolve(by: ResolveBy): Promise<Reply<Resolved>> {
    const reply = decide(await this.read(by), this.#deps.clock);
    return reply.outcome === "ok" ? this.#whole(reply.value) : reply;
  }

  /** Each by itself and all at once; the broker's pace is kept where it is asked. */
  async resolveMany(items: readonly ResolveBy[]): Promise<Reply<{ results: Reply<Resolved>[] }>> {
    if (items.length > RESOLVE_MANY_MAX) {
      const message = `At most ${RESOLVE_MANY_MAX} instruments at once.`;
      return denied("BATCH_TOO_LARGE", message, { most: RESOLVE_MANY_MAX, asked: items.length });
    }
    return ok({ results: await Promise.all(items.map((by) => this.resolve(by))) });
  }

  async read(by: ResolveBy): Promise<Reading> {
    if ("conid" in by) return this.#byConid(by.conid);
    if ("symbol" in by) return bySymbol(this.#deps, by);
    if ("identifier" in by) return byIdentifier(this.#deps, by);
    if ("name" in by) return byName(this.#deps, by);
    return this.#byText(by);
  }

  async #byConid(conid: number): Promise<Reading> {
    const described = await this.#deps.instruments.get(conid);
    if (described.outcome === "denied") {
      // That there is none is the plain outcome of this reading; what is known of one that is gone is worth telling.
      const { denial } = described;
      return denial.code === "UNKNOWN_INSTRUMENT" && denial.detail === undefined ? NOTHING : refusedBy(denial);
    }
    const { instrument, source, asOf } = described.value;
    const hit: Hit = { ref: refOf(instrument), method: "conid", score: 1, why: "conid equal", source, asOf };
    return { ...NOTHING, fits: [hit] };
  }

  /** Every reading that the text allows. A number may be a conid and a symbol in Tokyo; both are tried. */
  async #byText(by: ByText): Promise<Reading> {
    const { text, ...filters } = by;
    const readings: Promise<Reading>[] = [];
    const conid = /^[0-9]{1,10}$/.test(text.trim()) ? ConId.safeParse(Number(text)) : undefined;
    if (conid?.success)
      readings.push(this.#byConid(conid.data).then((reading) => filtered(reading, by, this.#deps.exchanges)));
    const symbol = text.trim();
    if (SYMBOL.test(symbol) && symbol.length <= SYMBOL_LENGTH_MAX) {
      const asked: BySymbol = { symbol, ...filters, ...NO_TERMS };
      readings.push(bySymbol(this.#deps, asked));
    }
    if (identifierReadings(normalIdentifier(text)).length > 0) {
      readings.push(byIdentifier(this.#deps, { identifier: text, type: null, ...filters }));
    }
    if (/\p{L}.*\p{L}/u.test(text) && !readsAsIdentifier(text))
      readings.push(byName(this.#deps, { name: text, ...filters }));
    return together(await Promise.all(readings));
  }

  /** An instrument that a search found is known by less than its details; they come from the cache or the broker. */
  async #whole(found: Resolved): Promise<Reply<Resolved>> {
    if (found.instrument.exchange !== "") return ok(found);
    const described = await this.#deps.instruments.get(found.instrument.conid);
    if (described.outcome === "denied") return described;
    return ok({ ...found, instrument: refOf(described.value.instrument) });
  }
}

function readsAsIdentifier(text: string): boolean {
  return identifierReadings(normalIdentifier(text)).some(({ valid }) => valid);
}

function filtered(reading: Reading, by: ByText, exchanges: ExchangeNames): Reading {
  return { ...reading, fits: reading.fits.filter((hit) => passes(by, hit, exchanges)) };
}
