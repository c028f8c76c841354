import { KillLevel, KillScope } from "@countersign/contracts/control";
import { Mode } from "@countersign/contracts/mode";
import { Actor } from "@countersign/contracts/order";
import { freeText, UtcText } from "@countersign/contracts/primitives";
import * as z from "zod";
import type { Operator } from "../operators.ts";
import { deny } from "../problem.ts";
import { defineRoute } from "../route.ts";
import type { Services } from "../services.ts";

const KillState = z.strictObject({
  mode: Mode,
  effective: KillLevel.describe("For everything; a part may be stricter"),
  reason: z.string(),
  confirmed: z.boolean().describe("false: unconfirmed for too long, which means HALTED"),
  settings: z.array(
    z.strictObject({
      scope: z.string(),
      level: KillLevel,
      reason: z.string(),
      actor: Actor.nullable(),
      at: UtcText.nullable(),
    }),
  ),
});

const stateOf = (services: Services) => ({ mode: services.mode, ...services.kill.state() });

export const getKillSwitch = defineRoute({
  method: "get",
  path: "/api/v1/kill-switch",
  id: "getKillSwitch",
  summary: "The kill switch as this process sees it",
  scope: "read",
  response: KillState,
  handle: async ({ services }) => stateOf(services),
});

export const setKillSwitch = defineRoute({
  method: "put",
  path: "/api/v1/kill-switch",
  id: "setKillSwitch",
  summary: "Move the kill switch of one scope; answered when this process sees it. Loosening needs a scope of its own",
  scope: "kill:tighten",
  body: z.strictObject({
    scope: KillScope.describe("global, account.<id>, agent.<id> or instrument.<conid>"),
    level: KillLevel,
    reason: freeText(500),
  }),
  response: KillState,
  async handle({ body, operator, services }) {
    await services.kill.set({ ...body, operator: operator.id }, () => mayLoosen(operator, services));
    return stateOf(services);
  },
});

/** In live mode one person alone never loosens. */
function mayLoosen(operator: Operator, { mode }: Services): void {
  if (!operator.scopes.includes("kill:loosen"))
    deny("FORBIDDEN", "Loosening the kill switch needs the scope kill:loosen.");
  if (mode === "live") deny("FORBIDDEN", "In live mode two persons loosen the kill switch, which is not offered here.");
}
