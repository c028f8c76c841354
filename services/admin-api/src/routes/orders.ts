import { OpenOrder } from "@countersign/contracts/account";
import { Fault } from "@countersign/contracts/denial";
import type { State } from "@countersign/contracts/life";
import { AccountId, UtcText } from "@countersign/contracts/primitives";
import { ProposalView } from "@countersign/contracts/proposal-view";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import type { Backend } from "../backend.ts";
import { expectOk, problemOfDenial, problemOfFault } from "../problem.ts";
import { defineRoute, wholeNumber } from "../route.ts";

/** Bytes may have reached the broker. */
const AT_BROKER: State[] = [
  "SEND_STARTED",
  "WORKING",
  "PARTIAL",
  "CANCEL_REQUESTED",
  "FILLED",
  "CANCELLED",
  "BROKER_REJECTED",
  "UNKNOWN",
  "CLOSED_ABSENT",
  "DISPUTED",
];

const Failure = z.strictObject({ code: z.string(), detail: z.string() });
const OfAccount = z.strictObject({
  account: AccountId.nullable().describe("null: the accounts themselves could not be had"),
  asOf: UtcText.nullable(),
  orders: z.array(OpenOrder).nullable().describe("null: not known, and failure says why; never an empty list instead"),
  failure: Failure.nullable(),
});

export const listOrders = defineRoute({
  method: "get",
  path: "/api/v1/orders",
  id: "listOrders",
  summary: "Orders that reached the broker, newest first, and what is open there now, ours and foreign",
  scope: "read",
  query: z.strictObject({
    limit: wholeNumber(1, 100).optional().describe("Default 25"),
    cursor: z.string().min(1).max(64).optional(),
  }),
  response: z.strictObject({
    items: z.array(ProposalView),
    nextCursor: z.string().nullable(),
    openAtBroker: z.array(OfAccount),
  }),
  async handle({ query, services: { backend } }) {
    const page = { limit: query.limit ?? 25, cursor: query.cursor ?? null };
    const request = { agent: null, accounts: null, states: AT_BROKER, ...page };
    const [list, openAtBroker] = await Promise.all([backend.request(RPCS.listProposals, request), openOrders(backend)]);
    return { ...expectOk(list), openAtBroker };
  },
});

/** What the broker shows per account. A broker that is away does not hide what our own logs say. */
async function openOrders(backend: Backend): Promise<z.output<typeof OfAccount>[]> {
  try {
    const reply = await backend.request(RPCS.accounts, {});
    if (reply.outcome === "denied") return [unknown(null, problemOfDenial(reply.denial))];
    return await Promise.all(reply.value.accounts.map((account) => openOrdersOf(backend, account)));
  } catch (error) {
    return [unknown(null, faultOf(error))];
  }
}

async function openOrdersOf(backend: Backend, account: string): Promise<z.output<typeof OfAccount>> {
  try {
    const reply = await backend.request(RPCS.openOrders, { account });
    if (reply.outcome === "denied") return unknown(account, problemOfDenial(reply.denial));
    return { account, asOf: reply.value.asOf, orders: reply.value.orders, failure: null };
  } catch (error) {
    return unknown(account, faultOf(error));
  }
}

/** Only a Fault is an answer; anything else is a bug and goes up. */
function faultOf(error: unknown): { code: string; detail: string } {
  if (!(error instanceof Fault)) throw error;
  return problemOfFault(error);
}

function unknown(account: string | null, { code, detail }: { code: string; detail: string }) {
  return { account, asOf: null, orders: null, failure: { code, detail } };
}
