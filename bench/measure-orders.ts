import { buyApple } from "../tests/end-to-end/mcp-client.ts";
import type { System } from "../tests/end-to-end/system.ts";
import { admin, tool } from "./client.ts";
import type { Series } from "./statistics.ts";

/** Between two orders: TWS takes 40 messages a second from us, and an agent 10 proposals; a queue is not what we measure. */
const PAUSE_MS = 70;
const WARM_UP_ROUNDS = 150;

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

/** Proposes and approves, one order after another: what a person at the approval page and an agent would see. */
export async function measureOrders(system: System, rounds: number): Promise<Series[]> {
  const propose: number[] = [];
  const approve: number[] = [];
  const sentAt: number[] = [];
  const placedBefore = (await journal(system)).length;
  for (let round = 0; round < rounds + WARM_UP_ROUNDS; round += 1) {
    const startedAt = performance.now();
    const proposed = await tool(system, "propose_order", resting());
    propose.push(performance.now() - startedAt);
    if (proposed.value.state !== "PENDING_APPROVAL") throw new Error(JSON.stringify(proposed.value).slice(0, 2000));
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    sentAt.push(wallMs());
    const approvedAt = performance.now();
    const body = { ticketHash: proposed.value.ticket_hash };
    const answer = await admin(system, "POST", `/api/v1/proposals/${proposed.value.proposal_id}/approve`, body);
    approve.push(performance.now() - approvedAt);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    await admin(system, "POST", `/api/v1/orders/${proposed.value.proposal_id}/cancel`, { reason: "bench" });
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  const placed = (await journal(system)).slice(placedBefore);
  if (placed.length !== sentAt.length)
    throw new Error(`${placed.length} orders at the broker, ${sentAt.length} approved`);
  const atBroker = placed.map((line, index) => line.wallMs - (sentAt[index] ?? Number.NaN));
  const warm = (samples: number[]) => samples.slice(WARM_UP_ROUNDS);
  return [
    { name: "propose over MCP HTTP -> PENDING_APPROVAL", samples: warm(propose), budget: { p50: 6, p99: 20 } },
    { name: "approve over HTTP -> at the broker's socket", samples: warm(atBroker), budget: { p50: 8, p99: 25 } },
    { name: "approve over HTTP -> answer with the order id", samples: warm(approve) },
  ];
}

/** Sets HALTED and at once tries an approval and a proposal; both must be refused. */
export async function measureKill(system: System, rounds: number): Promise<Series[]> {
  const set = async (level: string) => {
    const answer = await admin(system, "PUT", "/api/v1/kill-switch", { scope: "global", level, reason: "bench" });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  };
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const proposed = await tool(system, "propose_order", buyApple({ quantity: "1" }));
    const path = `/api/v1/proposals/${proposed.value.proposal_id}`;
    const startedAt = performance.now();
    await set("HALTED");
    samples.push(performance.now() - startedAt);
    const [approval, proposal] = await Promise.all([
      admin(system, "POST", `${path}/approve`, { ticketHash: proposed.value.ticket_hash }),
      tool(system, "propose_order", buyApple({ quantity: "1" })),
    ]);
    // A call that ends in an error has its code in the text.
    if (approval.status !== 423 || !JSON.stringify(proposal.value).includes("KILL_SWITCH_HALTED"))
      throw new Error(`something passed a set kill switch: ${JSON.stringify([approval, proposal]).slice(0, 3000)}`);
    await admin(system, "POST", `${path}/reject`, { reason: "bench" });
    await set("ACTIVE");
    await new Promise((done) => setTimeout(done, 3 * PAUSE_MS));
  }
  return [{ name: "kill switch set -> refused at approval and proposal", samples, budget: { p99: 10 } }];
}
