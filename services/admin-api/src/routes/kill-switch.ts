import { CancelOrders, KillLevel, KillScope, TripLevel } from "@countersign/contracts/control";
import { SignedKillReport } from "@countersign/contracts/kill-report";
import { Mode } from "@countersign/contracts/mode";
import { Actor } from "@countersign/contracts/order";
import { freeText, statedText, UtcText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { killNotice } from "../kill-notice.ts";
import type { Loosening } from "../kill-switch.ts";
import type { Operator } from "../operators.ts";
import { deny, expectOk, requireStated } from "../problem.ts";
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
  trips: z
    .array(
      z.strictObject({
        key: z.string().describe("<service>.<cause>.<scope>"),
        level: TripLevel,
        reason: z.string(),
        at: UtcText.nullable(),
      }),
    )
    .describe("What services stopped by themselves and nobody has reset"),
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
  stops: true,
  body: z.strictObject({
    scope: KillScope.describe("global, account.<id>, agent.<id> or instrument.<conid>"),
    level: KillLevel,
    reason: freeText(500).describe("To loosen it must say something; a stop is not refused for its words"),
    cancelOrders: CancelOrders.optional().describe(
      "Only with HALTED: own orders, or with the scope global all of them",
    ),
  }),
  response: KillState.extend({
    notice: z.string().nullable().describe("Set, but perhaps for nobody: what speaks for a misspelt scope"),
  }),
  async handle({ body, operator, services }) {
    const { cancelOrders, ...rest } = body;
    if (cancelOrders !== undefined && body.level !== "HALTED") deny("INVALID_ARGUMENT", "Only HALTED cancels orders.");
    if (cancelOrders === "all" && body.scope !== "global") deny("INVALID_ARGUMENT", "all needs the scope global.");
    const change = { ...rest, operator: operator.id, ...(cancelOrders !== undefined && { cancelOrders }) };
    await services.kill.set(change, (loosening) =>
      mayLoosen(operator, services, { ...loosening, reason: body.reason }),
    );
    const notice = await killNotice(services.backend, body.scope);
    return { ...stateOf(services), notice };
  },
});

export const resetKillTrip = defineRoute({
  method: "post",
  path: "/api/v1/kill-switch/trips/reset",
  id: "resetKillTrip",
  summary:
    "Reset what a service stopped by itself. Needs the scope kill:loosen, and what HALTED needs when it is HALTED",
  scope: "kill:loosen",
  body: z.strictObject({ key: z.string().min(3).max(150), reason: statedText(500) }),
  response: KillState,
  async handle({ body, operator, services }) {
    await services.resetTrip({ ...body, operator: operator.id }, async ({ key, level, trip }) => {
      const since = trip === "unreadable" ? null : trip.at;
      return services.resetRules.requireFor(level, { what: `trip ${key}`, since, operator: operator.id });
    });
    return stateOf(services);
  },
});

export const getKillReports = defineRoute({
  method: "get",
  path: "/api/v1/kill-switch/reports",
  id: "getKillReports",
  summary: "What became of the orders after stops that cancelled them, newest first, signed by the gateway",
  scope: "read",
  response: z.strictObject({ running: z.array(z.string()), reports: z.array(SignedKillReport) }),
  handle: async ({ services }) => expectOk(await services.backend.request(RPCS.killReports, { limit: 10 })),
});

/** REDUCE_ONLY is one person's to loosen; HALTED needs a clean broker, and in live mode a second person. */
async function mayLoosen(
  operator: Operator,
  services: Services,
  change: Loosening & { readonly reason: string },
): Promise<string | undefined> {
  if (!operator.scopes.includes("kill:loosen"))
    deny("FORBIDDEN", "Loosening the kill switch needs the scope kill:loosen.");
  requireStated(change.reason);
  const what = `${change.scope} to ${change.to}`;
  return services.resetRules.requireFor(change.from, { what, since: change.since, operator: operator.id });
}
