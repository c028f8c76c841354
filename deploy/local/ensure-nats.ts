import { findOrFetchNatsServer } from "./nats-server.ts";

/** Prints the path of a usable nats-server, fetching one first where there is none. Progress goes to standard error. */
try {
  const server = await findOrFetchNatsServer({ log: (line) => process.stderr.write(`countersign: ${line}\n`) });
  process.stdout.write(`${server.path}\n`);
} catch (error) {
  process.stderr.write(`countersign: ${error instanceof Error ? error.message : error}\n`);
  process.exit(69);
}
