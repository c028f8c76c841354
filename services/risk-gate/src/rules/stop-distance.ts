import { PercentText, type Side } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { PositiveDecimalText } from "@countersign/contracts/primitives";
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  multiply,
  subtract,
  toText,
} from "@countersign/money/decimal";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { nbboOf } from "./nbbo.ts";
import { stopsOf } from "./order-prices.ts";
import { exceedsPercent, percentText } from "./percent.ts";
import { defineRule, type RuleInput } from "./rule.ts";
import { tightest } from "./share-of-value.ts";

const Limits = z
  .strictObject({
    percentMin: PercentText.describe("A stop that is nearer fires on noise"),
    percentMax: PositiveDecimalText.describe("A stop that is farther protects nothing"),
    trailPercentMax: PercentText.describe("How far a trailing stop may stay behind, as percent of the market"),
  })
  .refine(({ percentMin, percentMax }) => compare(decimal(percentMin), decimal(percentMax)) < 0, "no stop could pass");
type Limits = z.infer<typeof Limits>;

/** How far stops are from the market when they begin to work: those of the order and that of its exits. */
export const stopDistance = defineRule({
  name: "stopDistance",
  source: "control 1; C2 trail percent, I2 minimum stop distance",
  description: "Stops are neither too near to the market nor too far from it, and trails within their limit",
  formula:
    "percentMin <= |stop - touch| / touch <= percentMax; percentMin <= trail / touch <= trailPercentMax; touch: ask of a buyer, bid of a seller; of the exits of an entry that waits the price of that",
  inputs: ["quote", "instrument"],
  unit: "percent",
  limits: Limits,
  stricter: { percentMin: "higher", percentMax: "lower", trailPercentMax: "lower" },
  codes: ["QUOTE_MISSING", "QUOTE_IMPLAUSIBLE", "STOP_DISTANCE", "TRAIL_TOO_WIDE"],
  limit: ({ percentMin, percentMax }) => `${percentMin} to ${percentMax}`,
  judge: (input) => {
    const stops = stopsOf(input.terms, input.facts);
    if (stops.length === 0) return pass(null, "no stop");
    return eachPart(input, (part) => judgeStops(stops, part, input));
  },
});

function judgeStops(stops: ReturnType<typeof stopsOf>, part: Part, { terms, limits }: RuleInput<Limits>): Finding {
  const nbbo = nbboOf(part);
  if ("refused" in nbbo) return nbbo.refused;
  const touch = (side: Side) => (side === "BUY" ? nbbo.ask : nbbo.bid);
  const { trail } = pricesOf(terms);
  const behind = trail === undefined ? undefined : trailPercent(trail, touch(terms.side));
  const wide = behind === undefined ? undefined : trailDenial(behind, limits);
  const narrow = behind === undefined ? undefined : narrowDenial("the trail is", behind, limits);
  const found = stops.map(({ what, side, stop, entry }) => {
    const from = entry === undefined ? "the market" : "its entry";
    return judgeStop({ what, stop, from, market: entry ?? touch(side) }, limits);
  });
  return wide ?? tightest([...found, ...(narrow === undefined ? [] : [narrow])]) ?? pass(null, "no stop");
}

const HUNDRED = decimal("100");

/** Rounded to nothing: the distance in hundredths of the market, as an exact pair of part and whole. */
type Share = { readonly part: Decimal; readonly whole: Decimal };

function trailPercent(trail: NonNullable<ReturnType<typeof pricesOf>["trail"]>, market: Decimal): Share {
  if (trail.by === "percent") return { part: decimal(trail.percent), whole: HUNDRED };
  return { part: decimal(trail.amount), whole: market };
}

function trailDenial({ part, whole }: Share, { trailPercentMax }: Limits): Finding | undefined {
  if (!exceedsPercent(part, whole, trailPercentMax)) return undefined;
  const percent = percentText(part, whole);
  const headroom = toText(subtract(decimal(trailPercentMax), decimal(percent)));
  return deny("TRAIL_TOO_WIDE", percent, `the trail is ${percent} %; at most ${trailPercentMax} %`, headroom);
}

function judgeStop(
  { what, stop, from, market }: { what: string; stop: Decimal | undefined; from: string; market: Decimal },
  { percentMin, percentMax }: Limits,
): Finding {
  // A stop that nobody can place is taken to be at the market: too near.
  const distance = absolute(subtract(stop ?? market, market));
  const percent = percentText(distance, market);
  const says = `the ${what} is ${percent} % from ${from}`;
  if (exceedsPercent(distance, market, percentMax)) {
    const headroom = toText(subtract(decimal(percentMax), decimal(percent)));
    return deny("STOP_DISTANCE", percent, `${says}; at most ${percentMax} %`, headroom);
  }
  const share = { part: distance, whole: market };
  const headroom = toText(subtract(roundedDown(share), decimal(percentMin)));
  return narrowDenial(`the ${what} is`, share, { percentMin }, ` from ${from}`) ?? pass(percent, says, headroom);
}

/** Also where the first stop of a trail is far away: the market takes it along, as near as the trail is. */
function narrowDenial(
  what: string,
  share: Share,
  { percentMin }: Pick<Limits, "percentMin">,
  from = "",
): Finding | undefined {
  if (compare(multiply(share.part, HUNDRED), multiply(share.whole, decimal(percentMin))) >= 0) return undefined;
  const down = roundedDown(share);
  const headroom = toText(subtract(down, decimal(percentMin)));
  return deny("STOP_DISTANCE", toText(down), `${what} ${toText(down)} %${from}; at least ${percentMin} %`, headroom);
}

/** So that what is short of a limit never shows as at it. */
function roundedDown({ part, whole }: Share): Decimal {
  return divideRoundingDown(multiply(part, HUNDRED), whole, 4);
}
