import * as z from "zod";
import * as account from "../src/account.ts";
import * as alternatives from "../src/alternatives.ts";
import * as audit from "../src/audit.ts";
import * as autoApproval from "../src/auto-approval.ts";
import * as bars from "../src/bars.ts";
import * as control from "../src/control.ts";
import * as costs from "../src/costs.ts";
import * as denial from "../src/denial.ts";
import * as exchange from "../src/exchange.ts";
import * as decisionFacts from "../src/facts/decision-facts.v1.ts";
import * as execFacts from "../src/facts/exec-facts.v1.ts";
import * as judgedFacts from "../src/facts/judged-facts.v1.ts";
import * as policyFacts from "../src/facts/policy-facts.v1.ts";
import * as proposalFacts from "../src/facts/proposal-facts.v1.ts";
import * as instrument from "../src/instrument.ts";
import * as killReport from "../src/kill-report.ts";
import * as live from "../src/live.ts";
import * as marketSession from "../src/market-session.ts";
import * as marketValue from "../src/market-value.ts";
import * as accountReads from "../src/messages/account-reads.v1.ts";
import * as approvalMessages from "../src/messages/approval.v1.ts";
import * as auditMessages from "../src/messages/audit.v1.ts";
import * as autoApprovalMessages from "../src/messages/auto-approval.v1.ts";
import * as bookFacts from "../src/messages/book-facts.v1.ts";
import * as brokerMessages from "../src/messages/broker.v1.ts";
import * as edgeUsageMessages from "../src/messages/edge-usage.v1.ts";
import * as heartbeat from "../src/messages/heartbeat.v1.ts";
import * as historyReads from "../src/messages/history-reads.v1.ts";
import * as instrumentReads from "../src/messages/instrument-reads.v1.ts";
import * as killMessages from "../src/messages/kill.v1.ts";
import * as liveMessages from "../src/messages/live.v1.ts";
import * as liveReads from "../src/messages/live-reads.v1.ts";
import * as marketMessages from "../src/messages/market-data.v1.ts";
import * as barMessages from "../src/messages/md-bars.v1.ts";
import * as mdCalendar from "../src/messages/md-calendar.v1.ts";
import * as fxMessages from "../src/messages/md-fx.v1.ts";
import * as instrumentMessages from "../src/messages/md-instruments.v1.ts";
import * as pacingMessages from "../src/messages/md-pacing.v1.ts";
import * as statsMessages from "../src/messages/md-stats.v1.ts";
import * as streamMessages from "../src/messages/md-streams.v1.ts";
import * as surfaceMessages from "../src/messages/md-surface.v1.ts";
import * as orderFacts from "../src/messages/order-facts.v1.ts";
import * as proposalMessages from "../src/messages/proposal.v1.ts";
import * as riskMessages from "../src/messages/risk.v1.ts";
import * as riskPolicyMessages from "../src/messages/risk-policy.v1.ts";
import * as mode from "../src/mode.ts";
import * as money from "../src/money.ts";
import * as order from "../src/order.ts";
import * as primitives from "../src/primitives.ts";
import * as proposalView from "../src/proposal-view.ts";
import * as riskPolicy from "../src/risk-policy.ts";
import * as verdict from "../src/verdict.ts";

export interface Page {
  readonly title: string;
  readonly modules: readonly object[];
}

/** Every module of schemas, in the order in which a reader wants them. */
export const PAGES: readonly Page[] = [
  { title: "Proposals and verdicts", modules: [riskMessages, proposalMessages] },
  { title: "Recorded decisions", modules: [judgedFacts] },
  { title: "Approval, cancel and send", modules: [approvalMessages] },
  { title: "Standing policy", modules: [autoApprovalMessages, autoApproval, policyFacts] },
  { title: "Risk policy", modules: [riskPolicyMessages, riskPolicy] },
  { title: "Broker", modules: [brokerMessages] },
  { title: "Reads of the broker", modules: [accountReads, instrumentReads, liveReads, historyReads] },
  { title: "Search and resolve", modules: [instrumentMessages] },
  { title: "Usage of the tools", modules: [edgeUsageMessages] },
  { title: "Market data: pacing", modules: [pacingMessages] },
  { title: "Market data", modules: [marketMessages] },
  { title: "Market data: rates", modules: [fxMessages] },
  { title: "Streams", modules: [streamMessages] },
  { title: "Calendars", modules: [mdCalendar, marketSession, exchange] },
  { title: "Market data: the rest", modules: [surfaceMessages] },
  { title: "Bars", modules: [barMessages] },
  { title: "Market data: counts", modules: [statsMessages] },
  { title: "Facts for the gate", modules: [orderFacts] },
  { title: "Facts for the gate: what an account holds", modules: [bookFacts] },
  { title: "Gates of live trading", modules: [liveMessages, live] },
  { title: "Audit", modules: [auditMessages, audit] },
  { title: "Heartbeat", modules: [heartbeat] },
  { title: "Facts of an order", modules: [proposalFacts, decisionFacts, execFacts] },
  { title: "Control stream", modules: [control] },
  { title: "Kill switch at the broker", modules: [killMessages, killReport] },
  {
    title: "What messages are made of",
    modules: [order, verdict, alternatives, costs, proposalView, instrument, marketValue, bars, account, denial],
  },
  { title: "Smallest parts", modules: [primitives, money, mode] },
];

/** The schemas that the modules export, under their exported names. */
export function schemasIn(modules: readonly object[]): [string, z.ZodType][] {
  return modules
    .flatMap((module) => Object.entries(module))
    .filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType);
}

export const schemaUri = (name: string) => `#/components/schemas/${name}`;
const registry = z.registry<{ id: string }>();
const names = new Map<z.ZodType, string>();
for (const [name, schema] of schemasIn(PAGES.flatMap((page) => page.modules))) {
  if ([...names.values()].includes(name)) throw new Error(`two schemas are named ${name}`);
  // One schema may have two names; the first one is its own.
  if (names.has(schema)) continue;
  names.set(schema, name);
  registry.add(schema, { id: name });
}

/** The name of a schema that some module of the contracts exports; anything else in the table is a mistake. */
export function schemaName(schema: z.ZodType): string {
  const name = names.get(schema);
  if (name === undefined) throw new Error("a schema in the table of subjects is not exported by its module");
  return name;
}

export type JsonSchema = { readonly [key: string]: unknown };

/** All schemas as JSON Schema draft 7, keyed by name, referring to each other by `schemaUri`. */
export function jsonSchemas(): Record<string, JsonSchema> {
  const generated = z.toJSONSchema(registry, { target: "draft-7", uri: schemaUri });
  const plain = Object.entries(generated.schemas as Record<string, JsonSchema>).map(
    ([name, { $schema, $id, id, ...schema }]) => [name, schema] as const,
  );
  return Object.fromEntries(plain);
}
