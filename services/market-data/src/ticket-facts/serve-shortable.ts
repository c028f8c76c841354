import type { Clock } from "@countersign/clock/clock";
import { ok, type Reply } from "@countersign/contracts/denial";
import type { TickValue } from "@countersign/contracts/messages/live-reads.v1";
import type { Shortable } from "@countersign/contracts/messages/order-facts.v1";
import { DecimalText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import type { Served } from "../pacing/asking.ts";
import type { Paced } from "../pacing/paced.ts";
import { AgedReads } from "../surface/aged-reads.ts";

/** The generic tick of what can be borrowed, and the two ticks that it brings. */
const INVENTORY = 236;
const LEVEL = 46;
const SHARES = 89;
const ENTRIES_MAX = 500;

/** Only risk-gate may ask. It costs a line of market data for a few seconds, and is then known for as long as the caller takes it. */
export function serveShortable(bus: Served, { clock, paced }: { clock: Clock; paced: Paced }): void {
  const reads = new AgedReads(clock, ENTRIES_MAX);
  bus.serve(RPCS.shortable, ({ conid, maxAgeMs }) =>
    reads.get(String(conid), maxAgeMs, () =>
      paced({ kind: "quote", conid, weight: 1, hard: false }, () => ask(bus, conid)),
    ),
  );
}

async function ask(bus: Pick<Served, "request">, conid: number): Promise<Reply<Omit<Shortable, "ageMs">>> {
  const question = { conid, genericTicks: [INVENTORY], dataType: "live" as const, snapshot: false };
  const reply = await bus.request(RPCS.ticks, question);
  if (reply.outcome === "denied") return reply;
  const { values, source, asOf } = reply.value;
  const [level, shares] = [LEVEL, SHARES].map((id) => values.find(({ tickId }) => tickId === id));
  const dataType = (level ?? shares)?.dataType ?? "delayedFrozen";
  return ok({ conid, level: numberIn(level), shares: numberIn(shares), dataType, source, asOf });
}

/** What is no number was not said. */
function numberIn(tick: TickValue | undefined): string | null {
  const text = tick?.value.replace(/\.0+$/, "");
  return DecimalText.safeParse(text).success && text !== undefined ? text : null;
}
