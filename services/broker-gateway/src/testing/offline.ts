import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../test-support.ts";
import { eventually } from "./eventually.ts";

type Stream = "ORDERS" | "KV_CONTROL";
const onDisk = ({ nats }: World, stream: Stream) => join(nats.storeDir, "jetstream/CORE/streams", stream);

/** Copies a stream as it is on the disk while the server stands still; the returned function puts that state back, and no other stream's. */
export async function backUp(world: World, stream: Stream, folder: string): Promise<() => Promise<void>> {
  const backup = join(folder, stream);
  await offline(world, () => cpSync(onDisk(world, stream), backup, { recursive: true }));
  return () =>
    offline(world, () => {
      rmSync(onDisk(world, stream), { recursive: true });
      cpSync(backup, onDisk(world, stream), { recursive: true });
    });
}

async function offline({ nats, risk, approval, admin, auditWriter }: World, change: () => void): Promise<void> {
  await nats.kill("SIGTERM");
  change();
  await nats.restart();
  await eventually(() => ([risk, approval, admin, auditWriter].every((bus) => bus.connected()) ? true : undefined));
}
