import type { Clock } from "@countersign/clock/clock";
import type { Reply } from "@countersign/contracts/denial";
import { Mode } from "@countersign/contracts/mode";
import type * as z from "zod";
import type { Agent } from "../agents.ts";
import type { Backend } from "../backend.ts";
import type { WaitSlots } from "../wait-slots.ts";
import { BRIEF_TEXT } from "../wire/advertise.ts";

/** What a tool works with. */
export interface ToolDeps {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly mode: Mode;
  /** Where people approve; undefined when this process was not told. */
  readonly adminUrl: string | undefined;
  readonly waits: WaitSlots;
}

export interface ToolCall {
  readonly agent: Agent;
  /** Id of the call in the audit and in the logs of every service. */
  readonly callId: string;
  /** Aborted when the client went away or cancelled. */
  readonly signal: AbortSignal;
  readonly deps: ToolDeps;
}

/**
 * How a call is metered and recorded. read: recorded afterwards; simulate: as a read, but it costs the broker a what-if;
 * propose, withdraw: recorded as the action is taken; cancel: recorded, and neither a rate nor an audit that is away stops it.
 */
export type ToolKind = "read" | "simulate" | "propose" | "withdraw" | "cancel";

export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
const PROPOSES = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const WITHDRAWS = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false };
const ANNOTATIONS: Record<ToolKind, Annotations> = {
  read: READS,
  simulate: READS,
  propose: PROPOSES,
  cancel: PROPOSES,
  withdraw: WITHDRAWS,
};

/** A tool as the edge calls it: arguments have passed `input`, results must pass `output`. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: ToolKind;
  readonly annotations: Annotations;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  run(args: unknown, call: ToolCall): Promise<Reply<unknown>>;
}

/** Both schemas must be built at module scope: building them costs more than a call. The mode is added to every result. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(definition: {
  name: string;
  title: string;
  description: string;
  kind: ToolKind;
  input: Input;
  output: Output;
  run(args: z.output<Input>, call: ToolCall): Promise<Reply<z.input<Output>>>;
}): Tool {
  return {
    ...definition,
    annotations: ANNOTATIONS[definition.kind],
    output: definition.output.extend({ mode: Mode.meta(BRIEF_TEXT) }),
    run: (args, call) => definition.run(args as z.output<Input>, call),
  };
}
