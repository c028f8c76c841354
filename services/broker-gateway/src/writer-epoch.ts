import type { OrderBus } from "@countersign/bus/bus";
import { type Clock, utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";

const TRIES_MAX = 5;

/** Becomes the writer to the socket: the next epoch, which makes every claim of the one before fail. Throws a Fault. */
export async function takeWriterEpoch(bus: OrderBus, clock: Clock, instance: string): Promise<number> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const last = await bus.readLast(FACTS.writer, {});
    const epoch = (last?.body.epoch ?? 0) + 1;
    const body = { type: "writer/1" as const, epoch, instance, at: utcText(clock.nowMs()) };
    const result = await bus.append(FACTS.writer, {}, body, { expectedSequence: last?.sequence ?? 0 });
    if (result.outcome === "appended") return epoch;
  }
  throw new Fault("CONFLICT", "another gateway keeps taking the writer's epoch");
}
