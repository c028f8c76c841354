import { provision } from "@countersign/bus/provision";

/** One shot: creates and checks the streams, with the keys that no service holds. Any difference ends it with an error. */
const [url = "", keysDir = ""] = process.argv.slice(2);
try {
  await provision({ url, keysDir, log: (line) => process.stderr.write(`countersign: ${line}\n`) });
} catch (error) {
  process.stderr.write(`countersign: ${error instanceof Error ? error.message : error}\n`);
  process.exit(70);
}
