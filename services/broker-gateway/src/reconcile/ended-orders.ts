import { BETWEEN_ABSENCES_MS } from "@countersign/orders/absences";
import type { OrderTable } from "../orders/order-table.ts";
import type { WireOrder } from "../session/wire.ts";
import type { Reading } from "./settle.ts";

/**
 * Orders that ended by the broker's own word, and that it shows as open all the same, or as filled further. A row may be older than the word
 * that came while the lists were read, so this bears only on what had ended well before the reading began.
 */
export async function settleEnded(table: Pick<OrderTable, "find">, reading: Reading): Promise<void> {
  const endedBefore = ({ orderRef, permId }: WireOrder) => {
    const actor = table.find({ orderRef, permId, clientId: null, orderId: null });
    const isRecent = actor === undefined || reading.startedAtMs - actor.movedAtMs < BETWEEN_ABSENCES_MS;
    return isRecent ? undefined : actor;
  };
  for (const row of reading.open) await endedBefore(row)?.take({ kind: "stillOpen", status: row.status });
  for (const row of reading.completed) {
    const { filledQuantity: inAll } = row;
    if (inAll !== null) await endedBefore(row)?.take({ kind: "filledFurther", inAll });
  }
}
