import type { Bus } from "@countersign/bus/bus";
import { RPCS } from "@countersign/contracts/subjects";
import { NameIndex } from "../services/market-data/src/instruments/name-index.ts";
import type { Series } from "./statistics.ts";

const NAMES = 10_000;
const FIRST =
  "Apex Boreal Cedar Delta Ember Falcon Granite Harbor Indigo Juniper Kestrel Lumen Meridian Nimbus Orchid Pioneer Quartz Rowan Summit Talon Umbra Vertex Willow Xenon Yarrow Zenith".split(
    " ",
  );
const SECOND =
  "Capital Energy Foods Health Industries Logistics Materials Media Mining Motors Networks Pharma Power Realty Resources Retail Robotics Semiconductor Shipping Software Steel Systems Technologies Telecom Textile Water".split(
    " ",
  );
const THIRD =
  "America Asia Brasil Canada Europe France Germany India Italy Japan Mexico Nordic Pacific Polska Singapore".split(
    " ",
  );
const FORM = ["INC", "CORP", "PLC", "AG", "SA", "HOLDINGS LTD", "GROUP NV"];

const pick = (words: readonly string[], index: number) => words[index % words.length] ?? "";

/** The same ten thousand names in every run, no two alike. */
function nameAt(index: number): string {
  const [a, b] = [Math.floor(index / SECOND.length), Math.floor(index / (FIRST.length * SECOND.length))];
  return `${pick(FIRST, a)} ${pick(SECOND, index)} ${pick(THIRD, b)} ${pick(FORM, index)}`.toUpperCase();
}

/** As a person types it: in mixed case, with two letters swapped. */
function asTyped(name: string, at: number): string {
  const text = name.toLowerCase();
  const place = 1 + (at % (text.length - 3));
  return text.slice(0, place) + text.slice(place + 1, place + 2) + text.slice(place, place + 1) + text.slice(place + 2);
}

/** A name that is not written exactly, among ten thousand; in this process. */
export function measureNames(rounds = 2_000): Series {
  const index = new NameIndex(NAMES);
  for (let conid = 1; conid <= NAMES; conid += 1) index.add({ conid, name: nameAt(conid) });
  const samples: number[] = [];
  let found = 0;
  for (let round = 0; round < rounds * 1.1; round += 1) {
    const conid = 1 + ((round * 7_919) % NAMES);
    const typed = asTyped(nameAt(conid), round);
    const startedAt = performance.now();
    const hits = index.search(typed, 10);
    const tookMs = performance.now() - startedAt;
    if (round < rounds * 0.1) continue;
    samples.push(tookMs);
    if (hits.some((hit) => hit.conid === conid)) found += 1;
  }
  const share = ((found / samples.length) * 100).toFixed(0);
  return { name: `fuzzy search over 10,000 names (${share} % found)`, samples, budget: { p99: 10 } };
}

/** An instrument that is known, by its conid, symbol and ISIN in turn, over the bus. */
export async function measureResolve(bus: Bus, rounds = 5_000): Promise<Series> {
  const any = { secType: null, exchange: null, currency: null };
  const terms = { expiry: null, strike: null, right: null, multiplier: null, tradingClass: null };
  const questions = [
    { conid: 265598 },
    { symbol: "AAPL", ...any, ...terms },
    { identifier: "US0378331005", type: null, ...any },
  ];
  const samples: number[] = [];
  for (let round = 0; round < rounds * 1.1; round += 1) {
    const by = questions[round % questions.length] ?? { conid: 265598 };
    const startedAt = performance.now();
    const reply = await bus.request(RPCS.resolve, { by, asker: "operator" });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    if (round >= rounds * 0.1) samples.push(performance.now() - startedAt);
  }
  return { name: "resolve from cache over the bus", samples, budget: { p50: 0.5 } };
}
