import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { StorageType, type StreamConfig } from "@nats-io/jetstream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { differencesOf, ProvisionError, provision, withManager } from "./provision.ts";
import { STREAM_CONFIGS } from "./streams.ts";

let nats: TestNats;
const lines: string[] = [];
const options = () => ({ url: nats.url, keysDir: nats.keysDir, log: (line: string) => void lines.push(line) });
const { config } = STREAM_CONFIGS.ORDERS;

beforeEach(async () => {
  lines.length = 0;
  nats = await startTestNats({ provisioned: false });
});
afterEach(() => nats.stop());

/** Makes ORDERS by hand, other than it must be, and provisions over it. */
async function makeOrders(other: Partial<StreamConfig>): Promise<void> {
  await withManager(options(), "provisioner", async (manager) => {
    await manager.streams.add({ ...config, ...other });
  });
}

async function ordersNow(): Promise<StreamConfig> {
  let found: StreamConfig | undefined;
  await withManager(options(), "provisioner", async (manager) => {
    found = (await manager.streams.info("ORDERS")).config;
  });
  if (found === undefined) throw new Error("no ORDERS");
  return found;
}

describe("provision", () => {
  test("an empty server -> every stream is created as it must be; the second time nothing happens", async () => {
    await provision(options());
    expect(lines).toEqual([
      "stream ORDERS created",
      "stream JUDGED created",
      "stream POLICY created",
      "stream KV_CONTROL created",
      "stream KV_LEASES created",
      "stream KV_INSTRUMENTS created",
      "stream KV_PACING created",
      "stream KV_USAGE created",
      "stream AUDIT created",
    ]);
    lines.length = 0;
    await provision(options());
    expect(lines).toEqual([]);
  });

  test("a size limit that moved -> it is put right", async () => {
    await makeOrders({ max_msg_size: 1024, max_bytes: -1 });
    await provision(options());
    expect(lines).toContain("stream ORDERS updated: max_bytes, max_msg_size");
    expect(differencesOf(config, await ordersNow())).toEqual([]);
  });

  test("a field that cannot change -> refused by its name, and the stream is left alone", async () => {
    await makeOrders({ storage: StorageType.Memory, max_msg_size: 1024, max_bytes: 1024 * 1024 });
    await expect(provision(options())).rejects.toThrow(ProvisionError);
    await expect(provision(options())).rejects.toThrow('storage is "memory", wanted "file"');
    expect(await ordersNow()).toMatchObject({ storage: "memory", max_msg_size: 1024 });
  });

  test("a stream from which messages could be deleted -> refused", async () => {
    await makeOrders({ deny_delete: false, deny_purge: false });
    await expect(provision(options())).rejects.toThrow("deny_delete is false, wanted true");
  });

  test("a shorter history of a key -> made longer; a longer one -> refused, for shortening would lose settings", async () => {
    const control = STREAM_CONFIGS.KV_CONTROL.config;
    const withHistory = (max_msgs_per_subject: number) => ({ ...control, max_msgs_per_subject });
    await withManager(options(), "provisioner", async (manager) => {
      await manager.streams.add(withHistory(32));
    });
    await provision(options());
    expect(lines).toContain("stream KV_CONTROL updated: max_msgs_per_subject");
    await withManager(options(), "provisioner", async (manager) => {
      await manager.streams.update("KV_CONTROL", withHistory(128));
    });
    await expect(provision(options())).rejects.toThrow("max_msgs_per_subject is 128, wanted 64");
  });
});

test("a server that drops a field it does not know -> the field is named", () => {
  const { republish, allow_direct, ...old } = config;
  expect([republish, allow_direct]).not.toContain(undefined);
  const differences = differencesOf(config, old);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatch(/^republish is undefined, wanted/);
});
