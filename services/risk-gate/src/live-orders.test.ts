import type { State } from "@countersign/contracts/life";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { OrderProjection } from "@countersign/orders/projection";
import { describe, expect, test } from "vitest";
import { LiveOrders } from "./live-orders.ts";
import { TERMS } from "./test-facts.ts";

/** A bracket BUY 10 in these states, with what each of its orders has filled. */
function bracket(entry: [State, string], takeProfit: [State, string], stopLoss: [State, string]): ProposalView {
  const leg = (name: string, [state, filledQuantity]: [State, string]) => ({ leg: name, state, filledQuantity });
  return {
    proposalId: "prop_a",
    agent: "agent-1",
    state: entry[0],
    terms: TERMS,
    order: { filledQuantity: entry[1], legs: [leg("takeProfit", takeProfit), leg("stopLoss", stopLoss)] },
  } as unknown as ProposalView;
}

function exposedBy(...views: ProposalView[]) {
  let listener: ((record: { view: ProposalView }) => void) | undefined;
  const live = new LiveOrders({
    onFact: (given: typeof listener) => {
      listener = given;
    },
  } as unknown as OrderProjection);
  for (const view of views) listener?.({ view });
  return live.exposed(TERMS).map(({ side, remaining }) => `${side} ${remaining}`);
}

describe("what a combination may still trade", () => {
  const legs = [
    { conid: TERMS.conid, side: "SELL", ratio: 2 },
    { conid: 7, side: "BUY", ratio: 1 },
  ];
  const combo = (side: string, filledQuantity: string) => {
    const terms = { ...TERMS, conid: undefined, legs, side, quantity: "10" };
    const order = { filledQuantity, legs: [] };
    return { proposalId: "prop_c", agent: "agent-1", state: "PARTIAL", terms, order } as unknown as ProposalView;
  };
  test("counts in each of its instruments, with its ratio and on the side on which it trades there", () => {
    expect(exposedBy(combo("BUY", "4"))).toEqual(["SELL 12"]);
    expect(exposedBy(combo("SELL", "0"))).toEqual(["BUY 20"]);
  });
});

describe("what an order that is being changed may still trade", () => {
  const changing = (change: object) =>
    ({ ...bracket(["WORKING", "4"], ["CANCELLED", "0"], ["CANCELLED", "0"]), ...change }) as ProposalView;
  const order = (more: object) => ({ order: { filledQuantity: "4", legs: [], ...more } });
  test("is the larger quantity while nobody knows which one holds, and then the one that does", () => {
    const to = (quantity: string) => ({ ...TERMS, quantity });
    expect(exposedBy(changing(order({ modifyingTerms: to("25") })))).toEqual(["BUY 21"]);
    expect(exposedBy(changing(order({ modifyingTerms: to("6") })))).toEqual(["BUY 6"]);
    expect(exposedBy(changing(order({ terms: to("6") })))).toEqual(["BUY 2"]);
  });
});

describe("what a bracket may still trade", () => {
  test("before it fills: its entry, and its exits once on the other side", () => {
    expect(exposedBy(bracket(["WORKING", "0"], ["WORKING", "0"], ["WORKING", "0"]))).toEqual(["BUY 10", "SELL 10"]);
  });
  test("from the intent on, before anything left", () => {
    expect(exposedBy(bracket(["INTENT", "0"], ["INTENT", "0"], ["INTENT", "0"]))).toEqual(["BUY 10", "SELL 10"]);
  });
  test("a filled entry is no end: its exits count until they are over", () => {
    expect(exposedBy(bracket(["FILLED", "10"], ["PARTIAL", "4"], ["WORKING", "0"]))).toEqual(["SELL 10"]);
    expect(exposedBy(bracket(["FILLED", "10"], ["PARTIAL", "4"], ["UNKNOWN", "0"]))).toEqual(["SELL 10"]);
    expect(exposedBy(bracket(["FILLED", "10"], ["PARTIAL", "4"], ["CANCELLED", "0"]))).toEqual(["SELL 6"]);
    expect(exposedBy(bracket(["FILLED", "10"], ["FILLED", "10"], ["CANCELLED", "0"]))).toEqual([]);
  });
});
