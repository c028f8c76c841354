import * as z from "zod";
import { Mode } from "../mode.ts";
import { UtcText } from "../primitives.ts";

/** Once a second, by each service: I am here, and this is how I am. */
export const Heartbeat = z.strictObject({
  service: z.string().max(40),
  instance: z.string().max(64),
  mode: Mode,
  at: UtcText,
  startedAt: UtcText,
  ready: z.boolean(),
  checks: z.array(z.strictObject({ name: z.string().max(60), ok: z.boolean(), detail: z.string().max(300) })).max(30),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
