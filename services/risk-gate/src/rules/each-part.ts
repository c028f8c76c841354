import { about, type Part, partsOf } from "../facts/parts.ts";
import { deny, type Finding, pass } from "./finding.ts";
import type { RuleInput } from "./rule.ts";

/** Judges every instrument of the order on its own. One that is denied denies the order, and one that asks for a confirmation asks for it; which leg it is stands in the message. */
export function eachPart({ terms, facts }: RuleInput, judge: (part: Part) => Finding): Finding {
  const found = partsOf(terms, facts).map((part) => {
    const finding = judge(part);
    return { ...finding, message: about(terms, part, finding.message) };
  });
  const denied = found.find(({ outcome }) => outcome === "deny");
  const [only] = found;
  if (denied !== undefined) return denied;
  const asking = found.find(({ outcome }) => outcome === "confirm");
  if (asking !== undefined) return asking;
  if (only === undefined) return deny("COMBO_INVALID", null, "the order names no instrument");
  if (found.length === 1) return only;
  const text = (values: readonly (string | null)[], between: string) =>
    values.filter((value) => value !== null).join(between);
  const value = text(
    found.map((one) => one.value),
    ", ",
  );
  const message = text(
    found.map((one) => one.message),
    "; ",
  );
  return pass(value === "" ? null : value, message);
}
