import { BETWEEN_ABSENCES_MS } from "@countersign/orders/absences";
import { isAsBefore } from "../fold/change-evidence.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { OrderTable } from "../orders/order-table.ts";
import { find, isTooNew, type Reading } from "./settle.ts";

/**
 * What a complete reading says about a change that is open; its order has taken the reading in before, and new terms have
 * been recognised. Old terms: refused, if TWS said so; else they are counted, because a change that TWS holds back may
 * still come, and only a person ends the waiting.
 */
export async function settleOpenChange(table: OrderTable, change: OrderActor, reading: Reading): Promise<void> {
  const { proposalId: by, modifies = "", state } = change.order;
  if (state === "INTENT") return;
  const order = table.get(modifies);
  const open = [order, ...(order?.exits ?? [])].filter((one) => one?.order.pending?.by === by);
  if (open.length === 0 || change.sentAtMs > reading.startedAtMs) return;
  let unchanged = true;
  for (const one of open) {
    const row = one === undefined ? undefined : find(reading.open, one);
    if (one === undefined || row === undefined || !isAsBefore(one.order, row)) {
      unchanged = false;
      continue;
    }
    const { pending, leg } = one.order;
    if (pending?.refusal === undefined || leg !== "entry") continue;
    await one.append({ type: "modifyClosed/1", by, outcome: "rejected", ...pending.refusal });
    return;
  }
  if (unchanged && reading.provesAbsence && !isTooNew(change, reading)) await countUnchanged(change, reading);
}

async function countUnchanged(change: OrderActor, reading: Reading): Promise<void> {
  const apartMs = reading.startedAtMs - change.absentAtMs;
  if (change.absences > 0 && apartMs < BETWEEN_ABSENCES_MS) return;
  const sinceMs = change.absences === 0 ? null : Math.round(apartMs);
  change.absences += 1;
  change.absentAtMs = reading.startedAtMs;
  await change.take({ kind: "lost", reason: "the broker shows the terms from before", unacknowledgedOnly: false });
  await change.take({ kind: "absent", reading: reading.looked, sinceMs });
}
