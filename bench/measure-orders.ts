import { buyApple } from "../tests/end-to-end/mcp-client.ts";
import type { System } from "../tests/end-to-end/system.ts";
import { admin, tool } from "./client.ts";
import type { Series } from "./statistics.ts";

/** Between two orders: TWS takes 40 messages a second from us, and an agent 10 proposals; a queue is not what we measure. */
const PAUSE_MS = 70;
const WARM_UP_ROUNDS = 100;
/** An order is three messages, and what-ifs wait once 30 have gone in a second: of the 40 the rest is for orders. */
const BURST = 8;
const BURST_PAUSE_MS = 1_200;
/** The first moves of the switch run code that nothing has run before. */
const KILL_WARM_UP_ROUNDS = 10;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const wallMs = () => performance.timeOrigin + performance.now();

interface JournalLine {
  readonly name: string;
  readonly whatIf: boolean;
  /** Whole milliseconds: the simulator's wall clock when the frame arrived. */
  readonly wallMs: number;
}

async function journal(system: System): Promise<JournalLine[]> {
  const answer = await fetch(`${system.twsControl}/journal?after=0`);
  return ((await answer.json()) as { entries: JournalLine[] }).entries.filter(
    (line) => line.name === "placeOrder" && !line.whatIf,
  );
}

/** Far below the market: it rests, so that no fill of the order before falls into the time of the next. Cancelled at once. */
const resting = () => buyApple({ quantity: "1", limit_price: "5" });

interface OneOrder {
  readonly proposeMs: number;
  readonly approveMs: number;
  /** Wall clock when the approval was sent. */
  readonly sentAtMs: number;
  readonly path: string;
}

/** One order to its cancel, as a person at the approval page and an agent would see it. */
async function oneOrder(system: System, pauseMs: number): Promise<OneOrder> {
  const startedAt = performance.now();
  const proposed = await tool(system, "propose_order", resting());
  const proposeMs = performance.now() - startedAt;
  if (proposed.value.state !== "PENDING_APPROVAL") throw new Error(JSON.stringify(proposed.value).slice(0, 2000));
  await pause(pauseMs);
  const sentAtMs = wallMs();
  const approvedAt = performance.now();
  const id = proposed.value.proposal_id;
  const body = { ticketHash: proposed.value.ticket_hash };
  const answer = await admin(system, "POST", `/api/v1/proposals/${id}/approve`, body);
  const approveMs = performance.now() - approvedAt;
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  await admin(system, "POST", `/api/v1/orders/${id}/cancel`, { reason: "bench" });
  return { proposeMs, approveMs, sentAtMs, path: `/api/v1/proposals/${id}` };
}

/** Until nothing of it is on its way any more, so that the next order is measured and not the end of this one. */
async function ended(system: System, { path }: OneOrder): Promise<void> {
  for (;;) {
    const { body } = await admin(system, "GET", path);
    if (body.state === "CANCELLED") return;
    await pause(5);
  }
}

/**
 * The same orders at two paces. One every 70 ms: between two of them the processors fall asleep, and each step wakes one.
 * One after another: as soon as the one before has ended, in bursts that TWS's limit of messages leaves room for.
 */
export async function measureOrders(system: System, rounds: number): Promise<Series[]> {
  const placedBefore = (await journal(system)).length;
  const paced: OneOrder[] = [];
  for (let round = 0; round < rounds + WARM_UP_ROUNDS; round += 1) {
    paced.push(await oneOrder(system, PAUSE_MS));
    await pause(PAUSE_MS);
  }
  const hot: OneOrder[] = [];
  while (hot.length < rounds) {
    await pause(BURST_PAUSE_MS);
    for (let count = 0; count < BURST; count += 1) {
      const order = await oneOrder(system, 0);
      hot.push(order);
      await ended(system, order);
    }
  }
  const all = [...paced, ...hot];
  const placed = (await journal(system)).slice(placedBefore);
  if (placed.length !== all.length) throw new Error(`${placed.length} orders at the broker, ${all.length} approved`);
  const atBroker = placed.map((line, index) => line.wallMs - (all[index]?.sentAtMs ?? Number.NaN));
  const warm = { from: WARM_UP_ROUNDS, to: paced.length };
  return [
    ...seriesOf("one every 70 ms", paced.slice(warm.from), atBroker.slice(warm.from, warm.to)),
    ...seriesOf("one after another", hot, atBroker.slice(warm.to)),
  ];
}

/** Both paces have the budget: it says warm, and not how soon the next one comes. */
function seriesOf(pace: string, orders: readonly OneOrder[], atBroker: readonly number[]): Series[] {
  const propose = orders.map(({ proposeMs }) => proposeMs);
  const approve = orders.map(({ approveMs }) => approveMs);
  return [
    { name: `propose over MCP HTTP -> PENDING_APPROVAL, ${pace}`, samples: propose, budget: { p50: 6, p99: 20 } },
    { name: `approve over HTTP -> at the broker's socket, ${pace}`, samples: atBroker, budget: { p50: 8, p99: 25 } },
    { name: `approve over HTTP -> answer with the order id, ${pace}`, samples: approve },
  ];
}

/** Sets HALTED and at once tries an approval and a proposal; both must be refused. The answer to the setting is its time. */
export async function measureKill(system: System, rounds: number): Promise<Series[]> {
  const set = async (level: string) => {
    const answer = await admin(system, "PUT", "/api/v1/kill-switch", { scope: "global", level, reason: "bench" });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  };
  const samples: number[] = [];
  for (let round = 0; round < rounds + KILL_WARM_UP_ROUNDS; round += 1) {
    const proposed = await tool(system, "propose_order", buyApple({ quantity: "1" }));
    const path = `/api/v1/proposals/${proposed.value.proposal_id}`;
    const startedAt = performance.now();
    await set("HALTED");
    if (round >= KILL_WARM_UP_ROUNDS) samples.push(performance.now() - startedAt);
    const [approval, proposal] = await Promise.all([
      admin(system, "POST", `${path}/approve`, { ticketHash: proposed.value.ticket_hash }),
      tool(system, "propose_order", buyApple({ quantity: "1" })),
    ]);
    // A call that ends in an error has its code in the text.
    if (approval.status !== 423 || !JSON.stringify(proposal.value).includes("KILL_SWITCH_HALTED"))
      throw new Error(`something passed a set kill switch: ${JSON.stringify([approval, proposal]).slice(0, 3000)}`);
    await admin(system, "POST", `${path}/reject`, { reason: "bench" });
    await set("ACTIVE");
    await pause(3 * PAUSE_MS);
  }
  return [{ name: "kill switch set -> refused at approval and proposal", samples, budget: { p99: 10 } }];
}
