import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { OrderProjection } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import { OpenStops } from "./open-stops.ts";
import { TERMS } from "./test-facts.ts";

const STOP = { ...TERMS, orderType: "STP", stopPrice: "220" };

/** The stops of an account whose log tells of these orders. */
function openStops(...views: { proposalId: string; state: string; terms: object }[]) {
  let listener: (record: { view: ProposalView }) => void = () => undefined;
  const orders = {
    onFact: (given: typeof listener) => {
      listener = given;
    },
  };
  const stops = new OpenStops(orders as unknown as OrderProjection);
  for (const view of views) listener({ view: { account: TERMS.account, order: null, ...view } as never });
  return stops;
}

test("a stop is not counted against itself, nor a change of it against the order that it changes", () => {
  const stops = openStops(
    { proposalId: "order", state: "WORKING", terms: STOP },
    { proposalId: "another", state: "WORKING", terms: STOP },
    { proposalId: "filled", state: "FILLED", terms: STOP },
    { proposalId: "no stop", state: "WORKING", terms: TERMS },
  );
  expect(stops.of(TERMS.account, [undefined, undefined])).toBe(2);
  expect(stops.of(TERMS.account, ["order", undefined])).toBe(1);
  expect(stops.of(TERMS.account, ["change", "order"])).toBe(1);
  expect(stops.of("DU7654321", ["change"])).toBe(0);
});
