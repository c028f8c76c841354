import type { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import type { Part } from "../facts/parts.ts";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { COMBO, LONG, spread } from "../testing/combo-facts.ts";
import { eachPart } from "./each-part.ts";
import { confirm, deny, type Finding, pass } from "./finding.ts";

const input = { facts: FACTS, policy: POLICY, limits: null };
const alone = (finding: Finding) => eachPart({ ...input, terms: TERMS }, () => finding);
const legs = (long: Finding, short: Finding) =>
  eachPart({ ...input, terms: spread(), facts: COMBO }, ({ conid }: Part) => (conid === LONG ? long : short));

test("one instrument: its finding stands as it is", () => {
  expect(alone(pass("1", "fine", "9"))).toEqual(pass("1", "fine", "9"));
  expect(alone(deny("QUOTE_STALE", "1", "old", "-1"))).toEqual(deny("QUOTE_STALE", "1", "old", "-1"));
  expect(alone(pass(null, "fine"))).toEqual(pass(null, "fine"));
});

test("several instruments that all pass: values and messages of each in turn, and no headroom", () => {
  expect(legs(pass("1", "fine", "9"), pass("2", "as well", "8"))).toEqual(
    pass("1, 2", "leg 1 (C2000000071 2000000071): fine; leg 2 (C2000000072 2000000072): as well"),
  );
});
test("an instrument without a value is left out, and without any there is none", () => {
  expect(legs(pass(null, ""), pass("2", "")).value).toBe("2");
  expect(legs(pass("1", ""), pass(null, "")).value).toBe("1");
  expect(legs(pass(null, ""), pass(null, "")).value).toBeNull();
});

test("one that is denied denies the order, also after one that asks; its leg is named", () => {
  const asks = confirm("SLIPPAGE_TOO_HIGH", "3", "asks", "-1");
  const denied = { ...deny("QUOTE_STALE", "2", "leg 2 (C2000000072 2000000072): old", "-7") };
  expect(legs(asks, deny("QUOTE_STALE", "2", "old", "-7"))).toEqual(denied);
  expect(legs(pass("1", "fine"), deny("QUOTE_STALE", "2", "old", "-7"))).toEqual(denied);
});
test("one that asks for a confirmation asks for the order, whichever it is", () => {
  const asks = confirm("SLIPPAGE_TOO_HIGH", "3", "asks", "-1");
  expect(legs(pass("1", "fine"), asks)).toEqual({ ...asks, message: "leg 2 (C2000000072 2000000072): asks" });
  expect(legs(asks, pass("1", "fine"))).toEqual({ ...asks, message: "leg 1 (C2000000071 2000000071): asks" });
});

test("an order that names no instrument is denied", () => {
  const terms = { ...spread(), legs: [] } as unknown as OrderTerms;
  expect(eachPart({ ...input, terms }, () => pass("1", "fine"))).toEqual(
    deny("COMBO_INVALID", null, "the order names no instrument"),
  );
});
