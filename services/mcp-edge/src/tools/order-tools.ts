import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { BRIEF } from "../wire/advertise.ts";
import { Cursor, Limit, pageOf } from "../wire/page.ts";
import { AmountOut, ComboLegOut } from "../wire/proposal-schemas.ts";
import { toSnake } from "../wire/snake.ts";
import { Account } from "./inputs.ts";
import { defineTool } from "./tool.ts";

const text = z.string();
const textOrNull = text.nullable();
const OfAccount = z.strictObject({ account: Account, limit: Limit, cursor: Cursor });
const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next_cursor: textOrNull, truncated: z.boolean(), as_of: text });

const OpenOrderOut = z.strictObject({
  proposal_id: textOrNull,
  ownership: z.enum(["ours", "foreign"]),
  perm_id: text,
  order_id: z.int(),
  client_id: z.int(),
  order_ref: text,
  conid: z.int(),
  symbol: text,
  combo_legs: z.array(ComboLegOut.meta(BRIEF)).exactOptional(),
  side: text,
  quantity: text,
  filled_quantity: textOrNull,
  order_type: text,
  limit_price: textOrNull,
  stop_price: text.exactOptional(),
  time_in_force: text,
  status: text,
});

export const listOrders = defineTool({
  name: "list_orders",
  title: "List open orders",
  kind: "read",
  description:
    "Orders of an account that are open at the broker now. foreign: entered by hand or by another program. Past orders are in list_proposals.",
  input: OfAccount,
  output: listOf(OpenOrderOut),
  async run({ account, ...page }, { callId, deps }) {
    const reply = await deps.backend.request(RPCS.openOrders, { account }, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const items = reply.value.orders.map(({ account: _, ...order }) => toSnake(order) as z.input<typeof OpenOrderOut>);
    return ok({ ...pageOf(items, page), as_of: reply.value.asOf });
  },
});

const ExecutionOut = z.strictObject({
  exec_id: text,
  proposal_id: textOrNull,
  ownership: z.enum(["ours", "foreign"]),
  time: text,
  conid: z.int(),
  symbol: text,
  combo: z.literal(true).exactOptional(),
  side: text,
  quantity: text,
  price: text,
  currency: text,
  exchange: text,
  cumulative_quantity: text,
  average_price: text,
  order_ref: text,
  perm_id: text,
  commission: AmountOut.nullable(),
});

export const listExecutions = defineTool({
  name: "list_executions",
  title: "List executions",
  kind: "read",
  description:
    "Executions of an account as far back as the broker tells, usually since midnight. side BOT is bought, SLD is sold. combo: as a whole; its legs follow apart. A null commission is not reported yet.",
  input: OfAccount,
  output: listOf(ExecutionOut),
  async run({ account, ...page }, { callId, deps }) {
    const reply = await deps.backend.request(RPCS.executions, { account }, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const items = reply.value.executions.map(({ account: _, ...one }) => toSnake(one) as z.input<typeof ExecutionOut>);
    return ok({ ...pageOf(items, page), as_of: reply.value.asOf });
  },
});
