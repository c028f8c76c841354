import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { latchFileIn } from "@countersign/config/kill-latch";
import { buyApple, tool } from "../end-to-end/mcp-client.ts";
import { admin, frames, type System, until } from "../end-to-end/system.ts";

/** The system as the connection file of its data folder names it. */
export type Drilled = Pick<System, "ready" | "twsControl" | "dataDir">;

export function drilledIn(dataDir: string): Drilled {
  const connection = JSON.parse(readFileSync(join(dataDir, "connection.json"), "utf8"));
  return { ready: connection, twsControl: connection.twsControl, dataDir };
}

export const POINTS = ["proposal", "gate", "approval", "gateway"] as const;
export type Point = (typeof POINTS)[number];

export interface Round {
  /** From the request that sets HALTED until the first refusal at each point, ms. */
  readonly refusedMs: Record<Point, number>;
  /** placeOrder frames that reached the broker after the gateway had latched. */
  readonly framesAfter: number;
  /** From the request until the signed report says that all is cancelled, ms; undefined: nothing was to be cancelled. */
  readonly cancelledMs: number | undefined;
}

/** One drill: set, see every point refuse while somebody keeps trying to send, look at the broker's socket, reset. */
export async function drillOnce(system: Drilled, pending: Pending, working: number): Promise<Round> {
  for (let left = working; left > 0; left -= 1) await workingOrder(system);
  const target = await pending.take();
  const racing = await pending.take();
  const reason = "drill";
  const startedMs = performance.now();
  const refused = async (ask: () => Promise<boolean>) => {
    while (!(await ask())) if (performance.now() - startedMs > 10_000) throw new Error("never refused");
    return performance.now() - startedMs;
  };
  const body = { scope: "global", level: "HALTED", reason, ...(working > 0 && { cancelOrders: "own" }) };
  const setting = admin(system as System, "PUT", "/api/v1/kill-switch", body);
  // Somebody countersigns in the very moment: it is sent before the stop, or not at all.
  const race = approve(system, racing);
  const [gateway, proposal, gate, approval] = await Promise.all([
    refused(async () => {
      if (existsSync(latchFileIn(system.dataDir))) return true;
      await new Promise((done) => setTimeout(done, 1));
      return false;
    }),
    refused(() => isDenied(system, "propose_order")),
    refused(() => isDenied(system, "preview_order")),
    setting.then(() => refused(async () => (await approve(system, target)).status !== 200)),
  ]);
  const answer = await setting;
  if (answer.status !== 200) throw new Error(`HALTED was not set: ${JSON.stringify(answer.body)}`);
  await race;
  const before = (await frames(system as System)).placeOrder ?? 0;
  const [again] = await Promise.all([approve(system, target), isDenied(system, "propose_order")]);
  const cancelledMs = working === 0 ? undefined : await cancelled(system, startedMs);
  const after = (await frames(system as System)).placeOrder ?? 0;
  if (again.code === "KILL_SWITCH_HALTED") pending.giveBack(target);
  // Sent or refused, it must not stay among the few that an agent may have open.
  await admin(system as System, "POST", `/api/v1/proposals/${racing.id}/reject`, { reason: "drill" });
  await reset(system);
  return { refusedMs: { proposal, gate, approval, gateway }, framesAfter: after - before, cancelledMs };
}

interface Proposal {
  readonly id: string;
  readonly ticketHash: string;
}

/** Proposals that wait for a person. */
export class Pending {
  readonly #system: Drilled;
  #kept: { proposal: Proposal; untilMs: number } | undefined;

  constructor(system: Drilled) {
    this.#system = system;
  }

  async take(): Promise<Proposal> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined && performance.now() < kept.untilMs) return kept.proposal;
    return propose(this.#system);
  }

  giveBack(proposal: Proposal): void {
    this.#kept ??= { proposal, untilMs: performance.now() + 200_000 };
  }
}

/** Below the bid, so that it rests, and near enough that neither our gate nor the broker refuses it. */
const PART_OF_BID = 0.985;
let limitPrice = "1.00";
const resting = () => buyApple({ limit_price: limitPrice, quantity: "1" });

async function propose(system: Drilled): Promise<Proposal> {
  const { value: quote } = await tool(system as System, "get_quote", { conid: resting().conid });
  limitPrice = (Number(quote.bid) * PART_OF_BID).toFixed(2);
  const { value } = await tool(system as System, "propose_order", resting());
  if (value.state !== "PENDING_APPROVAL") throw new Error(`not proposed: ${JSON.stringify(value).slice(0, 600)}`);
  return { id: value.proposal_id, ticketHash: value.ticket_hash };
}

async function approve(
  system: Drilled,
  { id, ticketHash }: Proposal,
): Promise<{ status: number; code: string | undefined }> {
  const answer = await admin(system as System, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash });
  return { status: answer.status, code: answer.body.code };
}

async function workingOrder(system: Drilled): Promise<void> {
  const proposal = await propose(system);
  const { status, code } = await approve(system, proposal);
  if (status !== 200) throw new Error(`not sent: ${code}`);
}

async function isDenied(system: Drilled, name: "propose_order" | "preview_order"): Promise<boolean> {
  const { idempotency_key: key, rationale, ...terms } = resting();
  const { value } = await tool(
    system as System,
    name,
    name === "propose_order" ? { ...terms, rationale, idempotency_key: key } : terms,
  );
  return JSON.stringify(value).includes("KILL_SWITCH_HALTED");
}

/** When the report of the newest stop says that the broker shows nothing open any more. */
async function cancelled(system: Drilled, startedMs: number): Promise<number> {
  const startedAt = new Date(Date.now() - (performance.now() - startedMs) - 1_000).toISOString();
  await until(
    () => admin(system as System, "GET", "/api/v1/kill-switch/reports"),
    ({ body }) =>
      body.reports?.some(
        ({ report }: { report: { complete: boolean; seenAt: string } }) => report.complete && report.seenAt > startedAt,
      ),
    20_000,
  );
  return performance.now() - startedMs;
}

export async function reset(system: Drilled): Promise<void> {
  const body = { scope: "global", level: "ACTIVE", reason: "end of a drill" };
  await until(
    () => admin(system as System, "PUT", "/api/v1/kill-switch", body),
    ({ status }) => status === 200,
    20_000,
  );
  await until(
    async () => existsSync(latchFileIn(system.dataDir)),
    (latched) => !latched,
  );
}
