import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import { ok } from "@countersign/contracts/denial";
import { expect, test } from "vitest";
import { Cache } from "../cache.ts";
import { readExchanges } from "../calendar/exchange-file.ts";
import { ExchangeNames } from "./exchange-names.ts";
import { byName, type NameDeps } from "./resolve-name.ts";
import { SeenInstruments } from "./seen-instruments.ts";

/** How near the next name may be; the search of the real broker is shown elsewhere. */

const exchanges = new ExchangeNames(readExchanges(join(import.meta.dirname, "../../../../config")));

function knowing(names: readonly string[]): NameDeps {
  const candidates = names.map((description, index) => ({
    ...{ conid: index + 1, symbol: `S${index + 1}`, secType: "STK", primaryExchange: "NYSE", currency: "USD" },
    description,
  }));
  const reply = ok({ candidates, source: "tws", asOf: "2026-11-20T15:00:00.000Z" });
  return {
    broker: { search: async () => reply },
    seen: new SeenInstruments(100),
    searches: new Cache(new ManualClock(0), 10),
    exchanges,
    config: { searchTtlMs: 1_000, nameScoreMin: 0.95, nameMarginMin: 0.05 },
  };
}

test.each<[string, string, readonly string[], readonly number[], readonly number[]]>([
  ["alone and equal -> taken", "Acme Rocket", ["ACME ROCKET INC"], [1], []],
  ["equal, the next one far -> taken", "Acme Rocket", ["ACME ROCKET INC", "ACME PARTS INC"], [1], []],
  ["one of twenty letters wrong -> 0.95, taken", "abcdefghijklmnopqrsx", ["ABCDEFGHIJKLMNOPQRST"], [1], []],
  ["one of nineteen letters wrong -> 0.94, not taken", "abcdefghijklmnopqrx", ["ABCDEFGHIJKLMNOPQRS"], [], [1]],
  [
    "equal, but the next one only a letter of thirty away -> both",
    "Consolidated Western Railroads",
    ["CONSOLIDATED WESTERN RAILROADS", "CONSOLIDATED EASTERN RAILROADS", "CONSOLIDATED WESTERN RAILROADZ"],
    [1, 3],
    [],
  ],
  [
    "0.95 alike, and the next one 0.05 less -> taken",
    "abcdefghijklmnopqrsx",
    ["ABCDEFGHIJKLMNOPQRST", "ABCDEFGHIJKLMNOPQRVV"],
    [1],
    [],
  ],
  [
    "alike enough, and one that is not close behind it -> neither",
    "abcdefghijklmnopqrstuvwxyz123x",
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZ1234", "ABCDEFGHIJKLMNOPQRSTUVWXYZ1255"],
    [],
    [1, 2],
  ],
])("%s", async (_what, asked, names, fits, near) => {
  const by = { name: asked, secType: null, exchange: null, currency: null };
  const reading = await byName(knowing(names), by);
  const conids = (hits: readonly { ref: { conid: number } }[]) => hits.map(({ ref }) => ref.conid).sort();
  expect([conids(reading.fits), conids(reading.near)]).toEqual([fits, near]);
});
