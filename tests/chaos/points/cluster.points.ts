import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../end-to-end/system.ts";
import type { NatsMessage } from "../relay/nats-messages.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { settled } from "../system/settled.ts";
import { Stage } from "../system/stage.ts";
import type { Trader } from "../system/trader.ts";
import { answerTo, hold } from "./hold.ts";
import { claims, fact } from "./instants.ts";
import { everythingHolds } from "./run-point.ts";

const stage = new Stage({ nodes: 3 });
let system: ChaosSystem;
let trader: Trader;
beforeEach(async () => {
  await stage.ready();
  ({ system, trader } = stage);
}, 120_000);
afterAll(() => stage.stop(), 30_000);

const INSTANTS = {
  "an intent is on its way": (message: NatsMessage) => message.from === "client" && fact("exec", "intent")(message),
  "a claim is stored, its acknowledgement on its way": answerTo(claims),
};

/** Two servers that choose a new leader may cost an order a fact, and its second look then says no; the next one is the proof. */
const NEXT_WITHIN_MS = 60_000;
const AT_REST = ["FILLED", "VOIDED", "EXPIRED", "KILLED_NOT_SENT"] as const;

async function nextOrder() {
  const proposed = await trader.admitted();
  await trader.approveUntilHeard(proposed);
  const state = await trader.becomes(proposed, AT_REST);
  return { proposed, state };
}

describe("CP27 one of three nats-servers is lost for good", () => {
  test.each(
    Object.entries(INSTANTS).flatMap(([text, matches]) => [0, 1].map((index) => [index, text, matches] as const)),
  )(
    "server %i, when %s -> the order is sent once or not at all, and the next one is sent with two servers",
    async (index, _, matches) => {
      const proposed = await trader.admitted();
      const held = hold(system.bus("broker-gateway"), matches);
      const approving = trader.approve(proposed);
      await held.reached;
      await system.nodes[index]?.kill();
      held.release();
      await approving;
      await settled(system, { without: ["streams"] });
      const state = await trader.becomes(proposed, ["FILLED", "EXPIRED", "VOIDED", "KILLED_NOT_SENT", "UNKNOWN"]);
      const sent = await trader.sent(proposed);
      if (state === "UNKNOWN") expect(sent).toBeLessThanOrEqual(1);
      else expect(sent, state).toBe(state === "FILLED" ? 1 : 0);
      const next = await until(nextOrder, ({ state }) => state === "FILLED", NEXT_WITHIN_MS);
      expect(await trader.sent(next.proposed)).toBe(1);
      await everythingHolds(system, trader);
      await system.nodes[index]?.start();
    },
  );
});
