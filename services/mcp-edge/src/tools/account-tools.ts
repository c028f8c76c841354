import type { AccountSummary, Position } from "@countersign/contracts/account";
import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { BRIEF } from "../wire/advertise.ts";
import { Cursor, Limit, pageOf } from "../wire/page.ts";
import { AmountOut } from "../wire/proposal-schemas.ts";
import { toSnake } from "../wire/snake.ts";
import { Account } from "./inputs.ts";
import { defineTool } from "./tool.ts";

const text = z.string();

export const listAccounts = defineTool({
  name: "list_accounts",
  title: "List accounts",
  kind: "read",
  description: "The accounts that you may use, and whether the broker connection serves each. Start here.",
  input: z.strictObject({}),
  output: z.strictObject({
    items: z.array(z.strictObject({ account: text, at_broker: z.boolean() })),
    as_of: text,
  }),
  async run(_, { agent, callId, deps }) {
    const reply = await deps.backend.request(RPCS.accounts, {}, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const { accounts, asOf } = reply.value;
    const items = agent.accounts.map((account) => ({ account, at_broker: accounts.includes(account) }));
    return ok({ items, as_of: asOf });
  },
});

const amount = AmountOut.meta(BRIEF);
const SummaryOut = z.strictObject({
  account: text,
  base_currency: text,
  net_liquidation: amount,
  total_cash: amount,
  available_funds: amount,
  buying_power: amount,
  excess_liquidity: amount,
  initial_margin: amount,
  maintenance_margin: amount,
  gross_position_value: amount,
  cash_by_currency: z.array(amount),
  source: text,
  as_of: text,
});

export const getAccountSummary = defineTool({
  name: "get_account_summary",
  title: "Get an account summary",
  kind: "read",
  description:
    "Cash, margin and net liquidation of an account as the broker states them. Each figure is {amount, currency}.",
  input: z.strictObject({ account: Account }),
  output: SummaryOut,
  async run({ account }, { callId, deps }) {
    const reply = await deps.backend.request(RPCS.summary, { account }, { correlationId: callId });
    return reply.outcome === "ok" ? ok(summaryOut(reply.value)) : reply;
  },
});

function summaryOut(summary: AccountSummary) {
  return toSnake(summary) as z.input<typeof SummaryOut>;
}

const PositionOut = z.strictObject({
  conid: z.int(),
  symbol: text,
  sec_type: text,
  currency: text,
  quantity: text,
  average_cost: text,
});

export const listPositions = defineTool({
  name: "list_positions",
  title: "List positions",
  kind: "read",
  description:
    "Open positions of an account. A negative quantity is short. average_cost includes the multiplier of futures and options. An empty list means flat.",
  input: z.strictObject({ account: Account, limit: Limit, cursor: Cursor }),
  output: z.strictObject({
    items: z.array(PositionOut),
    next_cursor: text.nullable(),
    truncated: z.boolean(),
    source: text,
    as_of: text,
  }),
  async run({ account, ...page }, { callId, deps }) {
    const reply = await deps.backend.request(RPCS.positions, { account }, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const { positions, source, asOf } = reply.value;
    return ok({ ...pageOf(positions.map(positionOut), page), source, as_of: asOf });
  },
});

function positionOut({ account: _, ...position }: Position) {
  return toSnake(position) as z.input<typeof PositionOut>;
}
