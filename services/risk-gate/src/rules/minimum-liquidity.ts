import { DecimalText, PositiveDecimalText } from "@countersign/contracts/primitives";
import { compare, decimal, divideRoundingUp, isZero, multiply, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import type { PartHistory } from "../facts/history/history.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
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

/** Nobody reports the volume of a currency pair, and of an option it says little: only the classes that are named are held to it. */
export const minimumLiquidity = defineRule({
  name: "minimumLiquidity",
  source: "R6; control 2",
  description: "Average daily volume of the instrument, and the order's part of it",
  formula: "mean volume of the newest 20 sessions >= averageVolumeMin; quantity x 100 / mean <= orderPercentMax",
  inputs: ["history", "instrument"],
  unit: "units a day",
  mayBeOff: true,
  limits,
  stricter: { averageVolumeMin: "higher", orderPercentMax: "lower", sessionsMin: "higher", classes: "more" },
  codes: ["HISTORY_MISSING", "LIQUIDITY"],
  limit: ({ averageVolumeMin }) => averageVolumeMin,
  judge: ({ terms, facts, limits: own }) => {
    const { history } = facts;
    const findings = partsOf(terms, facts).map((part): Finding => {
      if (part.instrument.state === "missing") return deny("HISTORY_MISSING", null, part.instrument.reason);
      const { secType, symbol } = part.instrument.value;
      if (!own.classes.includes(secType)) return pass(null, `no volume is asked of ${secType}`);
      if (history.state === "missing") return deny("HISTORY_MISSING", null, history.reason);
      const past = history.value.parts.find(({ conid }) => conid === part.conid);
      return judgePart(symbol, { part, past, own });
    });
    return tightest(findings) ?? deny("HISTORY_MISSING", null, "the order names no instrument");
  },
});

function judgePart(
  name: string,
  { part, past, own }: { part: Part; past: PartHistory | undefined; own: Limits },
): Finding {
  const { averageVolume = null, volumeSessions = 0 } = past ?? {};
  if (averageVolume === null || volumeSessions < own.sessionsMin || isZero(decimal(averageVolume)))
    return deny(
      "HISTORY_MISSING",
      null,
      `${name}: a volume of ${volumeSessions} sessions; ${own.sessionsMin} are needed`,
    );
  const average = decimal(averageVolume);
  const headroom = toText(subtract(average, decimal(own.averageVolumeMin)));
  if (compare(average, decimal(own.averageVolumeMin)) < 0) {
    const message = `${averageVolume} of ${name} are traded on a day; at least ${own.averageVolumeMin}`;
    return deny("LIQUIDITY", averageVolume, message, headroom);
  }
  const percent = toText(divideRoundingUp(multiply(part.quantity, HUNDRED), average, 4));
  if (compare(multiply(part.quantity, HUNDRED), multiply(decimal(own.orderPercentMax), average)) <= 0)
    return pass(averageVolume, `the order is ${percent} % of a day's volume`, headroom);
  const message = `the order is ${percent} % of a day's volume of ${name}; at most ${own.orderPercentMax} %`;
  // The volume is large enough: what is left of it is no room for this order.
  return deny("LIQUIDITY", averageVolume, message);
}
