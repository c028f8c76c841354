import { BETWEEN_ABSENCES_MS } from "@countersign/orders/absences";
import type { OrderTable } from "../orders/order-table.ts";
import type { Reading } from "./settle.ts";

/**
 * Orders that ended by the broker's own word, and that it shows as open all the same. A row may be older than the word
 * that came while the lists were read, so this bears only on what had ended well before the reading began.
 */
export async function settleEnded(table: Pick<OrderTable, "find">, reading: Reading): Promise<void> {
  for (const { orderRef, permId, status } of reading.open) {
    const actor = table.find({ orderRef, permId, clientId: null, orderId: null });
    if (actor === undefined || reading.startedAtMs - actor.movedAtMs < BETWEEN_ABSENCES_MS) continue;
    await actor.take({ kind: "stillOpen", status });
  }
}
