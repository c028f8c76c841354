import * as z from "zod";

/**
 * The parameters of what is asked besides tool calls, as far as they are read here. With them a malformed request ends as
 * -32602 in both eras. Unknown keys are passed over: other revisions of the protocol have more of them.
 */
export const ListParams = z.object({ cursor: z.string().optional() });
export const ReadParams = z.object({ uri: z.string() });
export const PromptParams = z.object({ name: z.string(), arguments: z.record(z.string(), z.string()).optional() });
export const CompleteParams = z.object({
  ref: z.discriminatedUnion("type", [
    z.object({ type: z.literal("ref/prompt"), name: z.string() }),
    z.object({ type: z.literal("ref/resource"), uri: z.string() }),
  ]),
  argument: z.object({ name: z.string(), value: z.string() }),
});
export type CompleteParams = z.infer<typeof CompleteParams>;
