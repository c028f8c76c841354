import { describe, expect, test } from "vitest";
import { ClientIds, ClientIdTurns } from "./client-ids.ts";
import type { LinkEnd } from "./link-types.ts";

const IDS = { orders: 17, fallback: 18 };

describe("the client ids of the gateway", () => {
  test.each([
    [IDS, true],
    [{ orders: 17, fallback: 17 }, false],
    [{ orders: 17 }, false],
    [{ fallback: 18 }, false],
    [{ orders: 0, fallback: 18 }, false],
    [{ ...IDS, data: 19 }, false],
  ])("%j -> accepted: %s", (ids, accepted) => {
    expect(ClientIds.safeParse(ids).success).toBe(accepted);
  });
});

/** What became of one connection after the other; `+` before an end: TWS had begun a session. */
const cases: [string, string[], { clientId: number; readOnly: boolean; stuck: string | null }][] = [
  ["nothing yet", [], { clientId: 17, readOnly: false, stuck: null }],
  ["dropped", ["+dropped"], { clientId: 17, readOnly: false, stuck: null }],
  ["unreachable", ["unreachable"], { clientId: 17, readOnly: false, stuck: null }],
  ["in use", ["clientIdTaken"], { clientId: 18, readOnly: true, stuck: "BROKER_READ_ONLY" }],
  [
    "read for a while",
    ["clientIdTaken", "+fallbackOver"],
    { clientId: 17, readOnly: false, stuck: "BROKER_READ_ONLY" },
  ],
  [
    "still in use",
    ["clientIdTaken", "+fallbackOver", "clientIdTaken"],
    { clientId: 18, readOnly: true, stuck: "BROKER_READ_ONLY" },
  ],
  ["the fallback dropped", ["clientIdTaken", "+dropped"], { clientId: 17, readOnly: false, stuck: "BROKER_READ_ONLY" }],
  ["both in use", ["clientIdTaken", "clientIdTaken"], { clientId: 17, readOnly: false, stuck: "BROKER_UNAVAILABLE" }],
  [
    "both in use, then only ours",
    ["clientIdTaken", "clientIdTaken", "clientIdTaken", "+fallbackOver"],
    { clientId: 17, readOnly: false, stuck: "BROKER_READ_ONLY" },
  ],
  ["free again", ["clientIdTaken", "+fallbackOver", "+dropped"], { clientId: 17, readOnly: false, stuck: null }],
  ["TWS itself gone", ["clientIdTaken", "+dropped", "unreachable"], { clientId: 17, readOnly: false, stuck: null }],
];

describe("whose turn it is at TWS", () => {
  test.each(cases)("%s", (_, ends, expected) => {
    const turns = new ClientIdTurns(IDS);
    for (const end of ends) {
      if (end.startsWith("+")) turns.accepted();
      turns.ended(end.replace("+", "") as LinkEnd);
    }
    const { clientId, readOnly, stuck } = turns;
    expect({ clientId, readOnly: readOnly !== undefined, stuck: stuck?.code ?? null }).toEqual(expected);
  });

  test("the id for orders rests only when the fallback was refused as well", () => {
    const turns = new ClientIdTurns(IDS);
    expect([turns.ended("clientIdTaken"), turns.ended("clientIdTaken")]).toEqual([false, true]);
    expect([turns.ended("clientIdTaken"), turns.ended("fallbackOver")]).toEqual([false, false]);
  });

  test("the reason names 326, the id that is stuck and the one that reads", () => {
    const turns = new ClientIdTurns(IDS);
    turns.ended("clientIdTaken");
    expect(turns.stuck?.reason).toBe(
      "client id 17 is in use at TWS (326): until it is free TWS is only read, under client id 18",
    );
    expect(turns.readOnly).toBe(turns.stuck?.reason);
    turns.ended("clientIdTaken");
    expect(turns.stuck?.reason).toContain("so is the fallback 18");
  });
});
