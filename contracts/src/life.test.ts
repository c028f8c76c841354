import { describe, expect, test } from "vitest";
import {
  canBeCancelled,
  EVENTS,
  FACETS,
  type Facet,
  isTerminal,
  maybeAtBroker,
  NOTES,
  next,
  type OrderEvent,
  REMARKS,
  reservesRoom,
  STATES,
  type State,
  TRANSITIONS,
} from "./life.ts";

const states = Object.keys(STATES) as State[];
const events = Object.keys(EVENTS) as OrderEvent[];
const edges = states.flatMap((from) =>
  (Object.entries(TRANSITIONS[from]) as [OrderEvent, State][]).map(([event, to]) => ({ from, event, to })),
);
const facetsOut = (state: State): Facet[] => [
  ...new Set(edges.filter(({ from }) => from === state).map(({ event }) => EVENTS[event].facet)),
];

function reachableFrom(start: State): Set<State> {
  const seen = new Set<State>([start]);
  for (const state of seen) for (const edge of edges) if (edge.from === state) seen.add(edge.to);
  return seen;
}

describe("the table", () => {
  test("every edge: known event, known state, and next() agrees; every other pair has no next state", () => {
    for (const state of states) {
      for (const event of events.filter((one) => ![...NOTES, ...REMARKS].includes(one))) {
        const edge = edges.find((known) => known.from === state && known.event === event);
        expect(next(state, event), `${state} + ${event}`).toBe(edge?.to);
      }
    }
    expect(edges.every(({ event, to }) => event in EVENTS && to in STATES)).toBe(true);
  });

  test("an order begins with proposed and with nothing else", () => {
    expect(events.filter((event) => next(undefined, event) !== undefined)).toEqual(["proposed"]);
    expect(next(undefined, "proposed")).toBe("PROPOSED");
    expect(edges.filter(({ event }) => event === "proposed")).toEqual([]);
  });

  test("every state can be reached, and every event happens somewhere", () => {
    expect([...reachableFrom("PROPOSED")].sort()).toEqual([...states].sort());
    expect(new Set([...edges.map(({ event }) => event), "proposed", ...NOTES, ...REMARKS])).toEqual(new Set(events));
  });

  test("what is remarked leaves the state, and is remarked only of an order that was admitted", () => {
    const before = ["PROPOSED", "SIMULATED", "RISK_DENIED"];
    for (const state of states) {
      for (const remark of REMARKS) expect(next(state, remark), state).toBe(before.includes(state) ? undefined : state);
    }
  });

  test("what is noted leaves the state, and is noted only of an order that has an intent", () => {
    const before = new Set(["PROPOSED", "SIMULATED", "RISK_DENIED", "PENDING_APPROVAL", "APPROVED"]);
    for (const end of ["REJECTED", "EXPIRED", "WITHDRAWN", "VOIDED"]) before.add(end);
    // A change that has happened is a matter of its order.
    before.add("MODIFIED");
    for (const state of states) {
      for (const note of NOTES) expect(next(state, note), state).toBe(before.has(state) ? undefined : state);
    }
  });

  test("from every state that is not final, a final one can be reached", () => {
    for (const state of states) {
      expect([...reachableFrom(state)].some(isTerminal), state).toBe(true);
    }
  });
});

describe("who may say what", () => {
  test("the gate proposes, approval decides, the policy remarks, and all else is the gateway's", () => {
    const said = (facet: Facet) => events.filter((event) => EVENTS[event].facet === facet);
    expect(said("proposal")).toEqual(["proposed", "simulated", "riskDenied", "admitted", "reduced"]);
    expect(said("decision")).toEqual(["countersigned", "approved", "rejected", "expired", "withdrawn", "voided"]);
    expect(said("policy")).toEqual(["assessed"]);
    expect(said("exec").length).toBe(events.length - 5 - 6 - 1);
  });

  test("each state waits for one author, but for two: approval may stop what the gateway may begin, the gate may shrink what waits", () => {
    const two: readonly State[] = ["APPROVED", "PENDING_APPROVAL"];
    for (const state of states) expect(facetsOut(state).length, state).toBeLessThanOrEqual(two.includes(state) ? 2 : 1);
    expect(facetsOut("APPROVED").sort()).toEqual(["decision", "exec"]);
    expect(facetsOut("PENDING_APPROVAL").sort()).toEqual(["decision", "proposal"]);
  });

  test("the logs follow each other: proposal, then decision, then exec; nobody speaks after the next one began", () => {
    for (const { event, to } of edges) {
      const said = FACETS.indexOf(EVENTS[event].facet);
      for (const state of reachableFrom(to)) {
        // A first signature of two is one that a smaller ticket makes void.
        for (const facet of facetsOut(state))
          if (event !== "countersigned" || facet !== "proposal")
            expect(FACETS.indexOf(facet), `${facet} after ${event}`).toBeGreaterThanOrEqual(said);
      }
    }
  });
});

describe("final states", () => {
  test("these are final, and no other", () => {
    const ends: readonly State[] = [
      ...(["RISK_DENIED", "REJECTED", "EXPIRED", "WITHDRAWN", "VOIDED", "KILLED_NOT_SENT"] as const),
      ...(["FILLED", "MODIFIED", "CANCELLED", "BROKER_REJECTED", "CLOSED_ABSENT"] as const),
    ];
    for (const state of states) expect(isTerminal(state), state).toBe(ends.includes(state));
  });

  test("what ended before anything could be sent never changes", () => {
    for (const state of ["RISK_DENIED", "REJECTED", "EXPIRED", "WITHDRAWN", "VOIDED"] as const) {
      expect(edges.filter(({ from }) => from === state)).toEqual([]);
    }
  });

  test("what ended at the broker is left only on evidence of the broker", () => {
    const left = edges.filter(({ from, to }) => isTerminal(from) && from !== to);
    expect(left.map(({ from, event, to }) => `${from} ${event} ${to}`).sort()).toEqual([
      "BROKER_REJECTED acknowledged WORKING",
      "BROKER_REJECTED disputed DISPUTED",
      "CANCELLED disputed DISPUTED",
      "CANCELLED filled FILLED",
      "CLOSED_ABSENT disputed DISPUTED",
      "FILLED disputed DISPUTED",
      "KILLED_NOT_SENT disputed DISPUTED",
    ]);
  });
});

describe("sending", () => {
  test("only through APPROVED, INTENT and SEND_STARTED does an order come to the broker", () => {
    const into = (state: State) => [
      ...new Set(edges.filter(({ to, from }) => to === state && from !== to).map(({ from }) => from)),
    ];
    expect(into("SEND_STARTED")).toEqual(["INTENT"]);
    expect(into("INTENT")).toEqual(["APPROVED"]);
    expect(into("APPROVED")).toEqual(["PENDING_APPROVAL"]);
    expect(into("PENDING_APPROVAL")).toEqual(["SIMULATED"]);
  });

  test("UNKNOWN is never left for a second attempt to send", () => {
    expect([...reachableFrom("UNKNOWN")]).not.toContain("SEND_STARTED");
    expect([...reachableFrom("UNKNOWN")]).not.toContain("INTENT");
  });

  test("a fill after a cancel request still counts", () => {
    expect(next("CANCEL_REQUESTED", "partiallyFilled")).toBe("CANCEL_REQUESTED");
    expect(next("CANCEL_REQUESTED", "filled")).toBe("FILLED");
    expect(next("CANCELLED", "filled")).toBe("FILLED");
  });

  test("an order may be open at the broker from the first byte until a final state", () => {
    expect(states.filter(maybeAtBroker)).toEqual([
      "SEND_STARTED",
      "WORKING",
      "PARTIAL",
      "CANCEL_REQUESTED",
      "UNKNOWN",
      "DISPUTED",
    ]);
  });

  test("room is reserved by what may be open at the broker, and by an intent before its first byte", () => {
    expect(states.filter(reservesRoom)).toEqual(states.filter((state) => maybeAtBroker(state) || state === "INTENT"));
    expect([reservesRoom("INTENT"), reservesRoom("APPROVED"), reservesRoom("KILLED_NOT_SENT")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("what may be open at the broker can be cancelled, and what TWS refused and may hold as inactive", () => {
    expect(states.filter(canBeCancelled)).toEqual(
      states.filter((state) => maybeAtBroker(state) || state === "BROKER_REJECTED"),
    );
    expect(canBeCancelled("BROKER_REJECTED")).toBe(true);
  });
});
