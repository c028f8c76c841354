import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { tempDir } from "@countersign/testing/temp-dir";
import { eventually, World } from "../services/risk-gate/src/test-support.ts";
import { largeBook } from "../services/risk-gate/src/testing/large-book.ts";
import type { Series } from "./statistics.ts";

const BOOK = 1_000;
/** So many until the compilers are done: what is measured is a gate that has worked for a while. */
const WARM_UP = 600;
/** With the book no more than half slower. */
const BUDGET_MS = 3;

/** A question that the gateway asks before a send: facts from the neighbours, all rules, everything on record. */
async function ask(world: World, ticket: Ticket): Promise<void> {
  const reply = await world.gateway.request(RPCS.verdict, { ticket, afterSequence: 0 });
  if (reply.outcome !== "ok" || reply.value.verdict.outcome !== "pass")
    throw new Error(JSON.stringify(reply).slice(0, 2_000));
}

async function admitted(world: World): Promise<Ticket> {
  let tries = 0;
  return eventually(async () => {
    tries += 1;
    const { ticket, state } = await world.admitted(`bench-verdict-${tries}`);
    return state === "PENDING_APPROVAL" && ticket !== null ? ticket : undefined;
  }, 60_000);
}

async function measure(world: World, rounds: number): Promise<number[]> {
  const ticket = await admitted(world);
  const samples: number[] = [];
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    const startedAt = performance.now();
    await ask(world, ticket);
    if (round >= WARM_UP) samples.push(performance.now() - startedAt);
  }
  return samples;
}

async function measured(world: World, rounds: number): Promise<number[]> {
  try {
    return await measure(world, rounds);
  } finally {
    await world.close();
  }
}

/** A verdict through the bus while every neighbour answers from memory; the record of its facts included. */
export async function measureVerdict(rounds: number): Promise<Series[]> {
  const folder = tempDir("countersign-bench-book-");
  try {
    const small = await measured(await World.open(), rounds);
    const large = await measured(await World.open(largeBook(folder.path, BOOK)), rounds);
    return [
      {
        name: `verdict over the bus, all rules, warm facts (after ${WARM_UP} others), on record`,
        samples: small,
        budget: { p50: BUDGET_MS },
      },
      {
        name: `the same, a book of ${BOOK} positions and ${BOOK} orders of others`,
        samples: large,
        budget: { p50: BUDGET_MS * 1.5 },
      },
    ];
  } finally {
    folder.remove();
  }
}
