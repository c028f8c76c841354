import { what } from "./terms.js";

/** Money as text stays text: the figures of the server are shown, never computed with. */
export const money = (amount) =>
  amount === null || amount === undefined ? null : `${amount.amount} ${amount.currency}`;

export const range = (before, after) => (before === null || after === null ? null : `${before} → ${after}`);

/** Sign of a decimal text: -1, 0 or 1. */
function signOf(text) {
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith("-") ? -1 : 1;
}

/** Whether a is further from zero than b; both are decimal texts. */
function isLarger(a, b) {
  const [wholeA, fractionA = ""] = a.replace("-", "").split(".");
  const [wholeB, fractionB = ""] = b.replace("-", "").split(".");
  const length = Math.max(fractionA.length, fractionB.length);
  return BigInt(wholeA + fractionA.padEnd(length, "0")) > BigInt(wholeB + fractionB.padEnd(length, "0"));
}

/** What the order does to the position, in one word; null when one of the two is not known. */
export function positionEffect(before, after) {
  if (before === null || after === null || before === undefined || after === undefined) return null;
  const [from, to] = [signOf(before), signOf(after)];
  if (to === 0) return from === 0 ? "NO CHANGE" : "CLOSES";
  if (from === 0) return to > 0 ? "OPENS" : "OPENS SHORT";
  if (from !== to) return to < 0 ? "FLIPS TO SHORT" : "FLIPS TO LONG";
  return isLarger(after, before) ? "ADDS" : "REDUCES";
}

/** Whole seconds as m:ss. */
export function clock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

export const title = (view) => `${view.terms.side} ${view.terms.quantity} ${what(view)}`;
