import type { Ablation } from "./ablation.ts";

interface Excuse {
  readonly path: RegExp;
  readonly how: readonly Ablation["how"][] | "all";
  readonly why: string;
}

/** What may let the order pass although a fact is not as it should be, and why that does no harm. Each line is needed by at least one case. */
export const EXCUSED: readonly Excuse[] = [
  {
    path: /^(positions|openOrders|ownOrders)/,
    how: "all",
    why: "read only under REDUCE_ONLY, where it denies; the book and what works stand for it",
  },
  {
    path: /^(legs\.[01]\.)?quote\..*\.asOf$/,
    how: ["stale", "no time", "from the future", "before 1970"],
    why: "a value that did not change holds until the newest tick of its line",
  },
  {
    path: /^((legs\.[01]\.)?quote(\..*)?|shortable)\.ageMs$/,
    how: ["negative", "not whole"],
    why: "no rule reads it: ages are computed from the time of the newest value",
  },
  {
    path: /^(legs\.[01]\.)?quote\.(close|bidSize|askSize|volume)\.value$/,
    how: ["zero"],
    why: "nothing was traded, or nothing rests there",
  },
  {
    path: /^(legs\.[01]\.)?quote\.(close|bidSize|askSize|volume)\.dataType$/,
    how: ["delayed"],
    why: "no price of the order is compared with it",
  },
  { path: /^history\.parts\.0\.volumeSessions$/, how: ["not whole"], why: "compared with the least alone" },
  { path: /^(working|history\.parts)$/, how: ["twice"], why: "counted twice, or the first alone: never less" },
  { path: /^(legs\.[01]\.)?instrument\.minSize$/, how: ["zero"], why: "no smallest size" },
  {
    path: /^summary\.(totalCash|availableFunds|buyingPower|excessLiquidity)\.amount$/,
    how: ["negative", "zero"],
    why: "an account may owe; what it may still do is the broker's what-if",
  },
  {
    path: /^summary\.cashByCurrency\.0\.amount$/,
    how: ["negative", "zero"],
    why: "an account may owe in one currency",
  },
  { path: /^summary\.cashByCurrency\.0\.currency$/, how: ["another currency"], why: "cash is in many currencies" },
  {
    path: /^whatIf\.(initialMarginChange|maintenanceMarginChange)$/,
    how: ["negative", "zero"],
    why: "an order may free margin",
  },
  {
    path: /^whatIf\.(initialMarginAfter|maintenanceMarginAfter)$/,
    how: ["zero"],
    why: "an account without positions has none",
  },
  { path: /^whatIf\.commission/, how: "all", why: "shown to people; no limit is made of it" },
  { path: /^book\.holdings\.0\.(conid|currency)$/, how: "all", why: "an account may hold anything" },
  { path: /^book\.holdings\.0\.quantity$/, how: ["negative", "zero"], why: "short or flat, and then judged as that" },
  { path: /^book\.holdings\.0\.unitValue$/, how: ["zero"], why: "it may be worthless" },
  { path: /^agentUse\.openRisk$/, how: ["zero"], why: "nothing was used before" },
  { path: /^agentUse\.realised\.0\.amount$/, how: ["negative", "zero"], why: "a gain, or neither" },
  { path: /^working\.0\.conid$/, how: "all", why: "orders may work in anything" },
  { path: /^working\.0\.(remaining|unitValue)$/, how: ["zero"], why: "nothing left, or worth nothing" },
  {
    path: /^siblings\.(twins\.0\.price|parts\.0\.(opposite\.(farthest|held\.0\.\w+)|same\.(nearest|farthest|held\.0\.\w+)))$/,
    how: ["zero"],
    why: "an order of ours may stand anywhere, and one at nothing is far away",
  },
  {
    path: /^loss\.rebasedAfter$/,
    how: ["negative", "not whole"],
    why: "which reset the marks begin at; no limit is made of it",
  },
  { path: /^history\.parts\.0\.(returns|own)\.[0-9]+$/, how: ["negative"], why: "on a day prices may fall" },
  { path: /^history\.profits\.[a-z]+\.[0-9]+$/, how: ["negative", "zero"], why: "a day may bring a loss, or nothing" },
];
