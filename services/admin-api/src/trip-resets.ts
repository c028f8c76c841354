import type { Bus } from "@countersign/bus/bus";
import type { TripEntry } from "@countersign/bus/control-state";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { TripReset } from "@countersign/contracts/control";
import { Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import { deny } from "./problem.ts";

export interface TripResetGiven {
  readonly bus: Pick<Bus, "append" | "audit" | "readLast">;
  readonly view: ControlView;
  readonly clock: Clock;
}

export interface TripResetOrder {
  readonly key: string;
  readonly reason: string;
  readonly operator: string;
}

/** What `mayReset` gets, and what it returns: the first of two persons where two are needed. */
export type MayReset = (trip: TripEntry) => Promise<string | undefined>;

/** A person's reset of what a service stopped: after its record, and only of the trip that this process has seen. */
export async function resetTrip(given: TripResetGiven, order: TripResetOrder, mayReset: MayReset): Promise<void> {
  const { bus, view, clock } = given;
  const { key, reason, operator } = order;
  await view.refresh();
  const trip = view.trips().find((one) => one.key === key && one.level !== "NONE");
  if (trip === undefined) deny("NOT_FOUND", `nothing stands under ${key}`);
  const first = await mayReset(trip);
  const last = await bus.readLast(FACTS.tripReset, { key });
  const person = (id: string) => ({ kind: "operator" as const, id });
  const actor = person(first ?? operator);
  const body: TripReset = {
    type: "trip-reset/1",
    tripSequence: trip.sequence,
    actor,
    ...(first !== undefined && { confirmedBy: person(operator) }),
    reason,
    at: utcText(clock.nowMs()),
  };
  await bus.audit({
    kind: "kill.reset",
    at: body.at,
    correlationId: `trip:${key}`.slice(0, 64),
    actor,
    body: { key, tripSequence: trip.sequence, level: trip.level, reason, confirmedBy: body.confirmedBy?.id ?? null },
  });
  const result = await bus.append(FACTS.tripReset, { key }, body, { expectedSequence: last?.sequence ?? 0 });
  if (result.outcome === "conflict") throw new Fault("CONFLICT", "somebody else reset it at the same time");
  await view.refresh();
}
