import { createLogger } from "@countersign/log/logger";
import { expect, test } from "vitest";
import { sentOrder } from "../fold/test-order.ts";
import type { BrokerEvent } from "../session/wire.ts";
import { Follow, type FollowDeps } from "./follow.ts";

const log = createLogger({ service: "broker-gateway", level: "silent" });

test.each([
  ["Cancelled", "40", 1],
  ["ApiCancelled", "40", 1],
  ["Cancelled", "0", 0],
  ["Cancelled", null, 0],
  ["Submitted", "40", 0],
])(
  "%s with %s filled, and no execution of it known -> the broker is read %i times at once",
  (status, filled, reads) => {
    const asked: string[] = [];
    const actor = { order: sentOrder({ state: "WORKING" }), take: async () => undefined };
    const table = { find: () => actor, learn: () => undefined };
    const deps = { table, log, connectedAs: () => 17, reconcileSoon: (why: string) => void asked.push(why) };
    const event = { kind: "orderStatus", orderId: 7, clientId: 17, permId: "9", status, filled, whyHeld: "" } as const;
    new Follow(deps as unknown as FollowDeps).take(event satisfies BrokerEvent);
    expect(asked).toHaveLength(reads);
  },
);
