import { readFileSync } from "node:fs";
import { connect, nkeyAuthenticator } from "@nats-io/transport-node";

/** Answers every request on a subject with so many bytes and nothing else: what NATS alone costs. With a seed: as that user. */
const [url = "", subject = "", bytes, seedFile = ""] = process.argv.slice(2);
const seed = seedFile === "" ? undefined : new TextEncoder().encode(readFileSync(seedFile, "utf8").trim());
const nats = await connect({ servers: url, ...(seed === undefined ? {} : { authenticator: nkeyAuthenticator(seed) }) });
const payload = "x".repeat(Number(bytes));
nats.subscribe(subject, { queue: "bare", callback: (_error, message) => void message.respond(payload) });
await nats.flush();
process.send?.("ready");
process.once("disconnect", () => process.exit(0));
