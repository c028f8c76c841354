import { provision } from "@countersign/bus/provision";
import { durability } from "./nats-durability.ts";

/** One shot: creates and checks the streams, with the keys that no service holds, and prints whether writes are durable. Any difference ends it with an error. */
const [url = "", keysDir = "", monitorUrl = "", copies = "1"] = process.argv.slice(2);
const replicas = copies === "3" ? 3 : 1;
try {
  await provision({ url, keysDir, replicas, log: (line) => process.stderr.write(`countersign: ${line}\n`) });
  process.stdout.write(await durability(monitorUrl));
} catch (error) {
  process.stderr.write(`countersign: ${error instanceof Error ? error.message : error}\n`);
  process.exit(70);
}
