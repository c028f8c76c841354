import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { BRIEF, briefly } from "../wire/advertise.ts";
import { alternativesOut, simulationOut, verdictOut } from "../wire/proposal-result.ts";
import { AlternativesOut, SimulationOut, VerdictOut } from "../wire/proposal-schemas.ts";
import { claimOf, roundingOf, termsOf, termsShape } from "./inputs.ts";
import { defineTool } from "./tool.ts";

export const previewOrder = defineTool({
  name: "preview_order",
  title: "Preview an order",
  kind: "simulate",
  description:
    "Simulates and judges an order as propose_order would, and records no proposal. Use it to size an order against the limits. The verdict may differ later.",
  input: z.strictObject(briefly(termsShape)),
  output: z.strictObject({
    verdict: VerdictOut.meta(BRIEF),
    alternatives: AlternativesOut.nullable(),
    simulation: SimulationOut,
  }),
  async run(args, { agent, callId, deps }) {
    const { terms, denial } = termsOf(args);
    if (denial !== undefined) return denial;
    const reply = await deps.backend.request(
      RPCS.preview,
      { agent: agent.id, terms, ...roundingOf(args), ...claimOf(args) },
      { correlationId: callId },
    );
    if (reply.outcome === "denied") return reply;
    const { verdict, alternatives, simulation } = reply.value;
    const instead = alternatives === null ? null : alternativesOut(alternatives);
    return ok({ verdict: verdictOut(verdict), alternatives: instead, simulation: simulationOut(simulation) });
  },
});
