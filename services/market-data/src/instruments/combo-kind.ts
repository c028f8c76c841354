import type { ComboLeg } from "@countersign/contracts/messages/md-instruments.v1";

/** The name that traders have for a combination; `other` when it has none here. */
export function comboKind(legs: readonly ComboLeg[]): string {
  const options = legs.filter(({ instrument }) => instrument.right !== null);
  if (options.length === legs.length) return optionKind(legs);
  const [first, second] = legs;
  if (legs.length !== 2 || first === undefined || second === undefined) return "other";
  const kinds = [first.instrument.secType, second.instrument.secType].sort().join(" ");
  if (kinds === "OPT STK") return "stock and option";
  const opposite = first.action !== second.action && first.ratio === second.ratio;
  const sameFuture = first.instrument.tradingClass === second.instrument.tradingClass;
  return kinds === "FUT FUT" && opposite && sameFuture ? "calendar" : "other";
}

function optionKind(legs: readonly ComboLeg[]): string {
  const one = (pick: (leg: ComboLeg) => unknown) => new Set(legs.map(pick)).size === 1;
  const expiry = one(({ instrument }) => instrument.lastTradeDate);
  const strike = one(({ instrument }) => instrument.strike);
  const right = one(({ instrument }) => instrument.right);
  const action = one((leg) => leg.action);
  const even = one(({ ratio }) => ratio);
  if (!one(({ instrument }) => instrument.symbol)) return "other";
  if (legs.length === 2 && even && !action && right) {
    if (expiry && !strike) return "vertical";
    if (strike && !expiry) return "calendar";
    return expiry ? "other" : "diagonal";
  }
  if (legs.length === 2 && even && action && expiry && !right) return strike ? "straddle" : "strangle";
  if (legs.length === 3 && right && expiry && isButterfly(legs)) return "butterfly";
  return "other";
}

/** One, two against it in the middle, one. */
function isButterfly(legs: readonly ComboLeg[]): boolean {
  const sorted = legs.toSorted((a, b) => Number(a.instrument.strike) - Number(b.instrument.strike));
  const [low, middle, high] = sorted;
  if (low === undefined || middle === undefined || high === undefined) return false;
  const ratios = low.ratio === 1 && middle.ratio === 2 && high.ratio === 1;
  return ratios && low.action === high.action && low.action !== middle.action;
}
