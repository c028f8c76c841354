import type { Clock } from "@countersign/clock/clock";
import { type Denial, denied, ok, type Reply } from "@countersign/contracts/denial";
import type {
  ComboLeg,
  ComboReply,
  ComboRequest,
  InstrumentRef,
  Resolved,
} from "@countersign/contracts/messages/md-instruments.v1";
import type * as z from "zod";
import { comboKind } from "./combo-kind.ts";
import { expiryFault } from "./expiry.ts";
import type { Resolver } from "./resolver.ts";

type Answer = Extract<z.output<typeof ComboReply>, { outcome: "ok" }>["value"];
type Legs = z.output<typeof ComboRequest>["legs"];

const NO_LEG = new Set(["IND", "CASH", "FUND", "BAG"]);

/** The legs of a combination, all or none: one that is not clear denies the whole, with its number. */
export async function resolveCombo(
  deps: { readonly clock: Clock; readonly resolver: Resolver },
  legs: Legs,
): Promise<Reply<Answer>> {
  const replies = await Promise.all(legs.map(({ by }) => deps.resolver.resolve(by)));
  const found: Resolved[] = [];
  for (const [index, reply] of replies.entries()) {
    if (reply.outcome === "denied") return { outcome: "denied", denial: ofLeg(reply.denial, index) };
    found.push(reply.value);
  }
  const resolved = found.map(({ instrument }, index): ComboLeg => {
    const { action = "BUY", ratio = 1 } = legs[index] ?? {};
    return { instrument, action, ratio };
  });
  const fault = faultOf(resolved, deps.clock.nowMs());
  if (fault !== undefined) return denied("INVALID_ARGUMENT", fault);
  const oldest = found.toSorted((a, b) => b.ageMs - a.ageMs)[0];
  const currency = resolved[0]?.instrument.currency;
  if (oldest === undefined || currency === undefined) throw new TypeError("a combination has legs");
  const { source, asOf, ageMs } = oldest;
  const kind = comboKind(resolved);
  const description = `${kind}: ${resolved.map(wordsOf).join(", ")}`.slice(0, 600);
  return ok({ legs: resolved, kind, description, currency, source, asOf, ageMs });
}

function ofLeg({ code, message, detail }: Denial, index: number): Denial {
  return { code, message: `leg ${index + 1}: ${message}`.slice(0, 1000), detail: { ...detail, leg: index + 1 } };
}

/** What TWS would not take as one combination. */
function faultOf(legs: readonly ComboLeg[], nowMs: number): string | undefined {
  const conids = legs.map(({ instrument }) => instrument.conid);
  const twice = conids.findIndex((conid, index) => conids.indexOf(conid) !== index);
  if (twice >= 0) return `leg ${twice + 1} is an instrument that another leg is too`;
  if (new Set(legs.map(({ instrument }) => instrument.currency)).size > 1) return "the legs are in several currencies";
  const divisor = legs.map(({ ratio }) => ratio).reduce(greatestCommonDivisor);
  if (divisor > 1) return `the ratios have ${divisor} as common divisor; buy or sell more units instead`;
  for (const [index, { instrument }] of legs.entries()) {
    if (NO_LEG.has(instrument.secType)) return `leg ${index + 1} is ${instrument.secType}, which is no leg`;
    const past = instrument.lastTradeDate === "" ? undefined : expiryFault(instrument.lastTradeDate, nowMs);
    if (past !== undefined) return `leg ${index + 1}: ${past}`;
  }
  return undefined;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

function wordsOf({ instrument, action, ratio }: ComboLeg): string {
  return `${action} ${ratio} ${nameOf(instrument)}`;
}

function nameOf({ symbol, lastTradeDate, strike, right }: InstrumentRef): string {
  return [symbol, lastTradeDate, strike, right].filter((part) => part !== null && part !== "").join(" ");
}
