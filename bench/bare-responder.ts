import { connect } from "@nats-io/transport-node";

/** Answers every request on `bare` with so many bytes and nothing else: what NATS alone costs. */
const [url, bytes] = process.argv.slice(2);
const nats = await connect({ servers: url ?? "" });
const payload = "x".repeat(Number(bytes));
nats.subscribe("bare", { callback: (_error, message) => void message.respond(payload) });
await nats.flush();
process.send?.("ready");
process.once("disconnect", () => process.exit(0));
