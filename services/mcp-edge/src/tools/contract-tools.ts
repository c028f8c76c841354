import { Fault, ok } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { MarketSession } from "@countersign/contracts/market-session";
import { SearchRequest } from "@countersign/contracts/messages/broker.v1";
import { ConId } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import { cleanUntrusted } from "@countersign/log/logger";
import * as z from "zod";
import { BRIEF, plain } from "../wire/advertise.ts";
import { Cursor, Limit, pageOf } from "../wire/page.ts";
import { defineTool, type ToolCall } from "./tool.ts";

const text = z.string();
const textOrNull = text.nullable();
const { query, secType, currency, exchange } = SearchRequest.shape;

const CandidateOut = z.strictObject({
  conid: z.int(),
  symbol: text,
  sec_type: text,
  primary_exchange: text,
  currency: text,
  untrusted: z.strictObject({ description: text }),
});

export const searchContracts = defineTool({
  name: "search_contracts",
  title: "Search contracts",
  kind: "read",
  description:
    "Instruments that fit a symbol or a name, each with its conid. One symbol often names several instruments: choose by exchange, currency and description, never by position in the list.",
  input: z.strictObject({
    query: query.describe("Symbol or name"),
    sec_type: secType.unwrap().optional(),
    currency: currency.unwrap().meta(plain()).optional(),
    exchange: exchange.unwrap().optional().describe("Primary exchange"),
    limit: Limit,
    cursor: Cursor,
  }),
  output: z.strictObject({
    items: z.array(CandidateOut),
    next_cursor: textOrNull,
    truncated: z.boolean(),
    source: text,
    as_of: text,
  }),
  async run(args, { agent, callId, deps }) {
    const request = {
      asker: agent.id,
      query: args.query,
      secType: args.sec_type ?? null,
      currency: args.currency ?? null,
      exchange: args.exchange ?? null,
      limit: 100,
    };
    const reply = await deps.backend.request(RPCS.search, request, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const { candidates, source, asOf } = reply.value;
    const items = candidates.map((candidate) => ({
      conid: candidate.conid,
      symbol: candidate.symbol,
      sec_type: candidate.secType,
      primary_exchange: candidate.primaryExchange,
      currency: candidate.currency,
      untrusted: { description: cleanUntrusted(candidate.description) },
    }));
    return ok({ ...pageOf(items, args), source, as_of: asOf });
  },
});

const ContractOut = z.strictObject({
  conid: z.int(),
  symbol: text,
  sec_type: text,
  exchange: text,
  primary_exchange: text,
  currency: text,
  multiplier: text,
  last_trade_date: text,
  strike: textOrNull,
  right: textOrNull,
  min_tick: text,
  price_bands: z.array(z.strictObject({ from: text, step: text }).meta(BRIEF)).nullable(),
  min_size: text,
  size_increment: text,
  order_types: z.array(text),
  market: z.strictObject({
    state: text,
    session: text,
    day: textOrNull,
    next_open: textOrNull,
    next_close: textOrNull,
    source: text,
    reason: text,
  }),
  untrusted: z.strictObject({ long_name: text, industry: text }),
  source: text,
  as_of: text,
});

export const getContract = defineTool({
  name: "get_contract",
  title: "Get a contract",
  kind: "read",
  description:
    "What an instrument is: multiplier, tick size, size steps, order types, and whether its market is open. market.state unknown means that it could not be told.",
  input: z.strictObject({ conid: ConId.describe("Contract id") }),
  output: ContractOut,
  async run({ conid }, call) {
    const { agent, callId, deps } = call;
    const [reply, market] = await Promise.all([
      deps.backend.request(RPCS.contract, { conid, asker: agent.id }, { correlationId: callId }),
      marketOf(conid, call),
    ]);
    if (reply.outcome === "denied") return reply;
    const { instrument, source, asOf } = reply.value;
    return ok({ ...contractOut(instrument), market, source, as_of: asOf });
  },
});

/** A contract without its hours is still an answer; that they could not be told is part of it. */
async function marketOf(
  conid: number,
  { agent, callId, deps }: ToolCall,
): Promise<z.input<typeof ContractOut>["market"]> {
  const unknown = (reason: string) => ({
    state: "unknown",
    session: "none",
    day: null,
    next_open: null,
    next_close: null,
    source: "none",
    reason,
  });
  try {
    const reply = await deps.backend.request(RPCS.session, { conid, asker: agent.id }, { correlationId: callId });
    return reply.outcome === "ok" ? sessionOut(reply.value) : unknown(reply.denial.code);
  } catch (error) {
    return unknown(error instanceof Fault ? error.code : "INTERNAL");
  }
}

function sessionOut({ state, session, today, nextOpen, nextClose, source, reason }: MarketSession) {
  const day = today?.kind ?? null;
  return { state, session, day, next_open: nextOpen, next_close: nextClose, source, reason };
}

function contractOut(instrument: Instrument) {
  return {
    conid: instrument.conid,
    symbol: instrument.symbol,
    sec_type: instrument.secType,
    exchange: instrument.exchange,
    primary_exchange: instrument.primaryExchange,
    currency: instrument.currency,
    multiplier: instrument.multiplier,
    last_trade_date: instrument.lastTradeDate,
    strike: instrument.strike,
    right: instrument.right,
    min_tick: instrument.minTick,
    price_bands: instrument.priceBands ?? null,
    min_size: instrument.minSize,
    size_increment: instrument.sizeIncrement,
    order_types: instrument.orderTypes,
    untrusted: { long_name: cleanUntrusted(instrument.longName), industry: cleanUntrusted(instrument.industry) },
  };
}
