import { createSystemClock, utcText } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bus, connectBus } from "./bus.ts";
import { ControlView } from "./control-view.ts";

const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });
const at = utcText(clock.nowMs());
const proposalOf = (letter: string) => `prop_${letter.repeat(26)}`;

let nats: TestNats;
let gateway: Bus;
let view: ControlView;
beforeAll(async () => {
  nats = await startTestNats();
  const { url, keysDir } = nats;
  gateway = await connectBus({ url, keysDir, users: ["broker-gateway-core"], service: "broker-gateway", clock, log });
  view = await ControlView.open(gateway, clock);
});
afterAll(async () => {
  view?.close();
  await gateway?.drain();
  await nats?.stop();
});

async function claim(account: string, letter: string, raw?: string): Promise<void> {
  const body = { type: "claim/1" as const, proposalId: proposalOf(letter), ticketHash: "a".repeat(64), writerEpoch: 1 };
  const params = { account, proposal: proposalOf(letter) };
  await gateway.append(FACTS.claim, params, { ...body, purpose: "send", at }, { ...(raw !== undefined && { raw }) });
}

test("the newest claim is that of whichever order claimed last, in whatever account; unreadable, it is a fault and not none", async () => {
  expect(await view.newestClaim()).toBeUndefined();
  await claim("DU7654321", "b");
  await claim("DU1234567", "a");
  await gateway.append(FACTS.writer, {}, { type: "writer/1", epoch: 1, instance: "x".repeat(22), at }, {});
  expect((await view.newestClaim())?.proposalId).toBe(proposalOf("a"));
  await claim("DU7654321", "c");
  expect((await view.newestClaim())?.proposalId).toBe(proposalOf("c"));
  await claim("DU1234567", "d", '{"type":"claim/9"}');
  await expect(view.newestClaim()).rejects.toMatchObject({
    code: "STORE_REFUSED",
    message: expect.stringContaining("is no claim"),
  });
});
