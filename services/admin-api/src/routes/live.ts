import { LiveGate } from "@countersign/contracts/live";
import { Mode } from "@countersign/contracts/mode";
import { UtcText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { expectOk } from "../problem.ts";
import { defineRoute } from "../route.ts";

export const getLive = defineRoute({
  method: "get",
  path: "/api/v1/live",
  id: "getLive",
  summary: "Every gate of live trading with its evidence, as the gateway sees it now; in every mode",
  scope: "read",
  reads: true,
  query: z.strictObject({}),
  response: z.strictObject({
    mode: Mode,
    open: z.boolean().describe("false: at least one gate is shut, and no live order leaves"),
    at: UtcText,
    gates: z.array(LiveGate),
  }),
  handle: async ({ services }) => expectOk(await services.backend.request(RPCS.liveStatus, {})),
});
