import { OPERATOR } from "@countersign/contracts/asker";
import type { Asker } from "./cost.ts";

/** The lane of a name out of a message. The gate is never one: its lane comes from the subject. */
export function askerOf(name: string): Asker {
  return { lane: name === OPERATOR ? "operator" : "agent", id: name };
}
