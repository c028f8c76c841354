import { rosterCheck } from "@countersign/roster/roster";
import { runChecks } from "@countersign/service/readiness";
import type { Gateway } from "./gateway.ts";

/** What must hold for an order to be sent, each with its reason when it does not. */
export function readinessOf(gateway: Gateway) {
  const { bus, link, view, writerEpoch } = gateway;
  return runChecks([
    { name: "bus", check: async () => ({ ok: bus.connected(), detail: "" }) },
    {
      name: "link",
      check: async () => ({
        ok: link.state === "up" && link.ownsOrders,
        detail: `${link.state}: ${link.detail}`.slice(0, 300),
      }),
    },
    {
      name: "lease",
      check: async () => ({ ok: gateway.lease.held, detail: "not confirmed in time when it is not held" }),
    },
    { name: "control", check: async () => ({ ok: view.fresh(), detail: view.level({}).reason.slice(0, 300) }) },
    {
      name: "writer",
      check: async () => ({ ok: view.writerEpoch()?.epoch === writerEpoch, detail: `epoch ${writerEpoch}` }),
    },
    rosterCheck(gateway.roster),
  ]);
}
