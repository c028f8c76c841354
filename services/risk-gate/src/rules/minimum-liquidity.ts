import { DecimalText, PositiveDecimalText } from "@countersign/contracts/primitives";
import { compare, decimal, divideRoundingUp, isZero, multiply, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import type { PartHistory } from "../facts/history/history.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { onlyReducesBook } from "./only-reduces-book.ts";
import { defineRule, type RuleInput } from "./rule.ts";
import { tightest } from "./share-of-value.ts";

const HUNDRED = decimal("100");

const limits = z.strictObject({
  averageVolumeMin: DecimalText.describe("Shares or contracts of one session, over the newest twenty"),
  orderPercentMax: PositiveDecimalText.describe("Of that average, how much one order may be"),
  sessionsMin: z.int().min(1).max(20).describe("Fewer sessions with a volume than that: denied"),
  classes: z
    .array(z.string().regex(/^[A-Z]{2,10}$/))
    .max(20)
    .describe("The types of instruments whose volume somebody reports"),
});
type Limits = z.infer<typeof limits>;

/** Nobody reports the volume of a currency pair, and of an option it says little: only the classes that are named are held to it. Who holds what is hardly traded any more may still get rid of it, in small orders. */
export const minimumLiquidity = defineRule({
  name: "minimumLiquidity",
  source: "R6; control 2",
  description: "Average daily volume of the instrument, and the order's part of it",
  formula:
    "mean volume of the newest 20 sessions >= averageVolumeMin, or the order only reduces; quantity x 100 / mean <= orderPercentMax",
  inputs: ["history", "instrument", "book", "working", "quote", "rate"],
  unit: "units a day",
  mayBeOff: true,
  limits,
  stricter: { averageVolumeMin: "higher", orderPercentMax: "lower", sessionsMin: "higher", classes: "more" },
  codes: ["HISTORY_MISSING", "LIQUIDITY"],
  limit: ({ averageVolumeMin }) => averageVolumeMin,
  judge: (input) => {
    const { terms, facts, limits: own } = input;
    const { history } = facts;
    const findings = partsOf(terms, facts).map((part): Finding => {
      if (part.instrument.state === "missing") return deny("HISTORY_MISSING", null, part.instrument.reason);
      const { secType, symbol } = part.instrument.value;
      if (!own.classes.includes(secType)) return pass(null, `no volume is asked of ${secType}`);
      if (history.state === "missing") return deny("HISTORY_MISSING", null, history.reason);
      const past = history.value.parts.find(({ conid }) => conid === part.conid);
      return judgePart(symbol, { part, past, input });
    });
    return tightest(findings) ?? deny("HISTORY_MISSING", null, "the order names no instrument");
  },
});

function judgePart(
  name: string,
  { part, past, input }: { part: Part; past: PartHistory | undefined; input: RuleInput<Limits> },
): Finding {
  const { terms, facts, limits: own } = input;
  const { averageVolume = null, volumeSessions = 0 } = past ?? {};
  if (averageVolume === null || volumeSessions < own.sessionsMin || isZero(decimal(averageVolume)))
    return deny(
      "HISTORY_MISSING",
      null,
      `${name}: a volume of ${volumeSessions} sessions; ${own.sessionsMin} are needed`,
    );
  const average = decimal(averageVolume);
  const headroom = toText(subtract(average, decimal(own.averageVolumeMin)));
  const isThin = compare(average, decimal(own.averageVolumeMin)) < 0;
  if (isThin && !onlyReducesBook(terms, facts)) {
    const message = `${averageVolume} of ${name} are traded on a day; at least ${own.averageVolumeMin}`;
    return deny("LIQUIDITY", averageVolume, message, headroom);
  }
  const percent = toText(divideRoundingUp(multiply(part.quantity, HUNDRED), average, 4));
  if (compare(multiply(part.quantity, HUNDRED), multiply(decimal(own.orderPercentMax), average)) <= 0) {
    const says = `the order is ${percent} % of a day's volume`;
    return isThin
      ? pass(averageVolume, `${says}; ${name} is hardly traded, and the order only reduces`)
      : pass(averageVolume, says, headroom);
  }
  const message = `the order is ${percent} % of a day's volume of ${name}; at most ${own.orderPercentMax} %`;
  // The volume is large enough: what is left of it is no room for this order.
  return deny("LIQUIDITY", averageVolume, message);
}
