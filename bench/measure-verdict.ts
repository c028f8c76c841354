import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { World } from "../services/risk-gate/src/test-support.ts";
import type { Series } from "./statistics.ts";

/** A question that the gateway asks before a send: facts from the neighbours, all rules, everything on record. */
async function ask(world: World, ticket: Ticket): Promise<void> {
  const reply = await world.approval.request(RPCS.verdict, { ticket, afterSequence: 0 });
  if (reply.outcome !== "ok" || reply.value.verdict.outcome !== "pass")
    throw new Error(JSON.stringify(reply).slice(0, 2_000));
}

/** A verdict through the bus while every neighbour answers from memory; the record of its facts included. */
export async function measureVerdict(rounds: number): Promise<Series[]> {
  const world = await World.open();
  try {
    const { ticket } = await world.admitted("bench-verdict");
    if (ticket === null) throw new Error("no ticket");
    const samples: number[] = [];
    for (let round = 0; round < rounds * 1.5; round += 1) {
      const startedAt = performance.now();
      await ask(world, ticket);
      if (round >= rounds * 0.5) samples.push(performance.now() - startedAt);
    }
    return [{ name: "verdict over the bus, warm facts, on record", samples, budget: { p50: 3 } }];
  } finally {
    await world.close();
  }
}
