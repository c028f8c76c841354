import { denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS } from "@countersign/contracts/subjects";
import type { OrderRecord } from "@countersign/orders/projection";
import type { Deps } from "./deps.ts";
import { FEED_WAIT_MS, gatherFor, judgeAndRecord, type Proposed, type Recorded } from "./judge-and-record.ts";
import { ProposalLog } from "./proposal-log.ts";

/** The key is known: the stored proposal if the content is the same, else a denial. One without a verdict gets it now. */
export async function storedHere(deps: Deps, record: OrderRecord, contentHash: string): Promise<Reply<ProposalView>> {
  if (proposedOf(record).contentHash !== contentHash) return denied("IDEMPOTENCY_KEY_REUSED");
  return record.view.verdict === null ? complete(deps, record) : ok(record.view);
}

/** Another process was first with this proposal: what it wrote decides. */
export async function storedElsewhere(deps: Deps, ours: Proposed): Promise<Reply<ProposalView>> {
  const params = { account: ours.terms.account, proposal: ours.proposalId };
  const last = await deps.bus.readLast(FACTS.proposal, params);
  await deps.orders.waitFor(last?.sequence ?? 0, { clock: deps.clock, timeoutMs: FEED_WAIT_MS });
  const record = await judgedElsewhere(deps, ours);
  if (record !== undefined && proposedOf(record).contentHash !== ours.contentHash)
    return denied("IDEMPOTENCY_KEY_REUSED");
  if (record === undefined || record.view.verdict === null)
    throw new Fault("CONFLICT", "another process is judging this proposal; ask again with the same key");
  return ok(record.view);
}

/** Waits for the verdict of the other process, and no longer than it could take; at once when the content is another. */
async function judgedElsewhere(deps: Deps, ours: Proposed): Promise<OrderRecord | undefined> {
  const { orders, clock } = deps;
  const untilMs = clock.monotonicMs() + FEED_WAIT_MS;
  for (;;) {
    const record = orders.get(ours.proposalId);
    const timeoutMs = untilMs - clock.monotonicMs();
    const settled = record === undefined || record.view.verdict !== null;
    if (settled || proposedOf(record).contentHash !== ours.contentHash || timeoutMs <= 0) return record;
    await orders.waitFor(orders.lastSequence() + 1, { clock, timeoutMs });
  }
}

/** Completes one that a crash or a failure left without a verdict, from whichever edge it stopped at. Its earlier edges go to the audit again: nobody knows whether they arrived. */
export async function complete(deps: Deps, record: OrderRecord): Promise<Reply<ProposalView>> {
  const proposed = proposedOf(record);
  const { terms, agent, proposalId } = proposed;
  const facts = gatherFor(deps, proposed);
  const key = { account: terms.account, proposal: proposalId };
  const log = new ProposalLog(deps.bus, key, { agent, sequence: record.sequences.proposal });
  const later = record.facts.flatMap((fact) => (fact.type === "simulated/1" ? [fact] : []));
  const work: Recorded = { proposed, log, stored: [proposed, ...later], facts };
  const reply = await judgeAndRecord(deps, work);
  return reply === "conflict" ? storedElsewhere(deps, proposed) : reply;
}

/**
 * Completes all of `ids` that are not judged. One that cannot be judged now is told to `onFailed` and left for the next
 * time.
 */
export async function completeUnjudged(
  deps: Deps,
  ids: Iterable<string>,
  onFailed: (id: string, error: unknown) => void,
): Promise<void> {
  for (const id of ids) {
    const one = async () => {
      const record = deps.orders.get(id);
      if (record !== undefined && record.view.verdict === null) await complete(deps, record);
    };
    await deps.lanes.run(id, one).catch((error: unknown) => onFailed(id, error));
  }
}

function proposedOf(record: OrderRecord): Proposed {
  const first = record.facts[0];
  if (first?.type !== "proposed/1") throw new TypeError("a proposal's log begins with proposed/1");
  return first;
}
