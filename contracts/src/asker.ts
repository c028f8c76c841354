import { PrincipalId } from "./primitives.ts";

/** The asker that stands for all people. No agent may be called so. */
export const OPERATOR = "operator";

/**
 * For whom a question is asked that may cost a request at the broker: turns and limits are counted by it. It says nothing
 * about rights: the lane of the gate is a matter of the subject, which the server guards, and of no text in a message.
 */
export const Asker = PrincipalId.describe("Name of the agent for whom this is asked, or operator");
