import { marketRead as read } from "./market-row.ts";
import * as book from "./messages/book-facts.v1.ts";
import * as broker from "./messages/broker.v1.ts";
import * as fx from "./messages/md-fx.v1.ts";
import * as orderFacts from "./messages/order-facts.v1.ts";

/** What only the gate may ask: on these subjects it has its own lane to the broker. */
export const GATE_ROWS = {
  orderContract: read(["risk-gate"], {
    subject: "rpc.v1.md.order-contract",
    text: "The instrument of an order",
    schema: "md.order-contract/2",
    request: broker.ContractRequest,
    reply: broker.ContractReply,
    timeoutMs: 8_000,
  }),
  orderRate: read(["risk-gate"], {
    subject: "rpc.v1.md.order-rate",
    text: "The exchange rate of an order's value into the base currency",
    schema: "md.order-rate/1",
    request: fx.OrderRateRequest,
    reply: fx.RateReply,
    timeoutMs: 12_000,
  }),
  marketFacts: read(["risk-gate"], {
    subject: "rpc.v1.md.order-facts",
    text: "All that the gate asks about the market of one order",
    schema: "md.order-facts/4",
    request: orderFacts.MarketFactsRequest,
    reply: orderFacts.MarketFactsReply,
    timeoutMs: 12_000,
  }),
  shortable: read(["risk-gate"], {
    subject: "rpc.v1.md.shortable",
    text: "Whether shares can be borrowed for a short sale, and how many",
    schema: "md.shortable/1",
    request: orderFacts.ShortableRequest,
    reply: orderFacts.ShortableReply,
    timeoutMs: 12_000,
  }),
  bookFacts: read(["risk-gate"], {
    subject: "rpc.v1.md.book-facts",
    text: "What the instruments of an account are, and the rates into its base currency",
    schema: "md.book-facts/2",
    request: book.BookFactsRequest,
    reply: book.BookFactsReply,
    timeoutMs: 20_000,
  }),
  bookCloses: read(["risk-gate"], {
    subject: "rpc.v1.md.book-closes",
    text: "The daily closes and the average volume of several instruments",
    schema: "md.book-closes/2",
    request: book.BookClosesRequest,
    reply: book.BookClosesReply,
    timeoutMs: 25_000,
  }),
} as const;
