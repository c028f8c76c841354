import { describe, expect, test } from "vitest";
import type { Facts } from "../facts/fact.ts";
import type { History } from "../facts/history/history.ts";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { FULL_FACTS } from "../testing/ablation-facts.ts";
import { amount, changed, holding, row } from "../testing/changed-facts.ts";
import { resultOf } from "./rule.ts";
import { soundFacts } from "./sound-facts.ts";

const result = ({ facts }: { facts?: Partial<Facts> }) =>
  resultOf(soundFacts, { terms: TERMS, facts: { ...FULL_FACTS, ...facts }, policy: POLICY, limits: null });

describe("rows and the past", () => {
  const { value: book } = FULL_FACTS.book as { value: { holdings: readonly object[] } };
  const past = (FACTS.history as { value: History }).value;
  const history = (change: Partial<History>) => changed("history", change);
  const ofPart = (change: object) => history({ parts: past.parts.map((part) => ({ ...part, ...change })) });
  const profits = (change: object) => history({ profits: { ...past.profits, ...change } });
  const [, ...fewer] = past.profits.held;
  test.each<readonly [string, object]>([
    ["an instrument is in the book twice", changed("book", { holdings: [...book.holdings, ...book.holdings] })],
    ["the instrument 265598 is none", holding({ conid: "265598" })],
    ["the instrument 265598 is none", row("working", { conid: "265598" })],
    ["the instrument 0 is none", holding({ conid: 0 })],
    ["strike is 0", changed("instrument", { secType: "OPT", strike: "0" })],
    ["strike is -5", changed("instrument", { secType: "FOP", strike: "-5" })],
    ["the instrument -1 is none", changed("instrument", { secType: "OPT", strike: "5", underlyingConid: -1 })],
    ["a working order neither buys nor sells", row("working", { side: "buy" })],
    ...["held", "long", "short"].map(
      (name) => ["profits and sessions of the past do not fit", profits({ [name]: fewer })] as const,
    ),
    ["returns and sessions of the past do not fit", ofPart({ returns: [0, ...past.profits.held] })],
    [
      "returns and sessions of the past do not fit",
      history({ parts: [...past.parts, ...past.parts.map((one) => ({ ...one, returns: [0, ...past.profits.held] }))] }),
    ],
    ...[[...fewer, 0.5], [...fewer, -1], fewer].flatMap((bad) =>
      ["long", "short"].map(
        (name) =>
          [
            "the losses of an option are no whole numbers, or do not fit to the sessions of the past",
            ofPart({ losses: { long: past.profits.held, short: past.profits.held, [name]: bad } }),
          ] as const,
      ),
    ),
    ["a return or profit of the past is no whole number", ofPart({ returns: [0.5] })],
    ["a return or profit of the past is no whole number", ofPart({ own: [2 ** 53] })],
    ["a return or profit of the past is no whole number", profits({ short: [...fewer, "0"] })],
  ])("%s", (says, one) => {
    expect(result(one)).toMatchObject({ outcome: "deny", message: says });
  });
  test("two instruments in the book, a sale that works, and losses of an option of each session -> pass", () => {
    const two = changed("book", { holdings: [...book.holdings, { ...book.holdings[0], conid: 1 }] });
    const sale = row("working", { side: "SELL" });
    const losses = ofPart({ losses: { long: past.profits.held, short: past.profits.held } });
    expect([two, sale, losses].map((one) => result(one).outcome)).toEqual(["pass", "pass", "pass"]);
  });
  test("what is no option has no strike that counts -> pass", () => {
    expect(result(changed("instrument", { strike: "0" })).outcome).toBe("pass");
  });
  test("fewer returns than sessions are the matter of the rules that need them -> pass", () => {
    expect(result(ofPart({ returns: [], own: [] })).outcome).toBe("pass");
  });
  test("a number of 34 digits and a sign, and one digit more", () => {
    const said = (text: string) => result(amount("totalCash", text)).outcome;
    expect([said(`-${"9".repeat(34)}`), said(`-${"9".repeat(35)}`)]).toEqual(["pass", "deny"]);
  });
});
