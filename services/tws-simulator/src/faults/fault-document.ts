import { z } from "zod";
import { CALLBACK_FAULTS } from "./documents/callbacks.ts";
import { CONNECTION_FAULTS } from "./documents/connection.ts";
import { DATA_FAULTS } from "./documents/data.ts";
import { ORDER_FAULTS } from "./documents/orders.ts";
import { PACING_FAULTS } from "./documents/pacing.ts";
import { PROTOCOL_FAULTS } from "./documents/protocol.ts";
import { SESSION_FAULTS } from "./documents/session.ts";

/** The vocabulary, by what is hit. Each document is one rule of what goes wrong. */
export const faultSchema = z.discriminatedUnion("action", [
  ...CONNECTION_FAULTS,
  ...CALLBACK_FAULTS,
  ...ORDER_FAULTS,
  ...SESSION_FAULTS,
  ...DATA_FAULTS,
  ...PACING_FAULTS,
  ...PROTOCOL_FAULTS,
]);

export type Fault = z.output<typeof faultSchema>;
/** A fault as it is written down: what has a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultAction = Fault["action"];
export type FaultOf<A extends FaultAction> = Extract<Fault, { readonly action: A }>;
