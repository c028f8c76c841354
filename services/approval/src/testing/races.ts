import type { SignedApproval, Ticket } from "@countersign/contracts/order";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { admit, countersign, newTicket, openForTest, World } from "../test-support.ts";

export const AT_ONCE = 16;
const stranger = generateKeyPair();

export interface RaceResult {
  readonly rounds: number;
  /** Rounds in which not exactly one of the good signatures won, or a bad one did, or it was not sent exactly once. */
  readonly wrong: readonly string[];
}

/** Sixteen signatures for one proposal at the same moment, over two approval processes: good ones of two people and bad ones. */
export async function race(rounds: number, onRound: (done: number) => void = () => undefined): Promise<RaceResult> {
  const world = await World.open();
  const closeSecond = await openForTest(world.nats);
  const wrong: string[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      wrong.push(...(await oneRound(world, round)));
      onRound(round + 1);
    }
  } finally {
    await closeSecond();
    await world.close();
  }
  return { rounds, wrong };
}

async function oneRound(world: World, round: number): Promise<string[]> {
  world.gateway.sent.length = 0;
  const ticket = await admit(world.gate, newTicket());
  const approvals = Array.from({ length: AT_ONCE }, (_, index) => contender(ticket, index));
  const replies = await Promise.all(approvals.map((approval) => world.approve(approval)));
  const winners = replies.flatMap((reply, index) => (reply.outcome === "ok" ? [index] : []));
  const types = await world.typesOf(ticket);
  const sent = world.sentOf(ticket);
  const good = winners.length === 1 && winners.every((index) => !isBad(index)) && sent === 1;
  if (good && types.length === 1 && types[0] === "approved/1") return [];
  return [`round ${round}: won ${winners.join(",") || "nobody"}, log ${types.join(",")}, sent ${sent}`];
}

const isBad = (index: number) => index % 4 === 3;

/** Every fourth is bad: forged, by the proposer, or for a ticket that was changed after it was signed. */
function contender(ticket: Ticket, index: number): SignedApproval {
  const good = countersign(ticket, { approver: index % 2 === 0 ? "operator" : "second" });
  if (!isBad(index)) return good;
  const { statement } = good;
  if (index % 3 === 0)
    return { ...good, signature: sign(stranger.privateKeyPem, canonicalJson(statement)) } as SignedApproval;
  if (index % 3 === 1) return countersign(ticket, { approver: "agent" });
  return { ...good, statement: { ...statement, ticket: { ...ticket, nonce: "x".repeat(22) } } };
}
