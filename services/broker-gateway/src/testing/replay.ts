import { createServer } from "node:net";
import { listen } from "@countersign/testing/listen";
import { recordBytes, type WireRecord } from "@countersign/wire-record/recording";
import { IbConnection } from "../session/ib-connection.ts";
import type { BrokerEvent } from "../session/wire.ts";

export type Replayed = BrokerEvent | { readonly kind: "fault"; readonly what: string };

/** What the gateway's session makes of one recorded connection: everything that the broker wrote, over real TCP. */
export async function replay(records: readonly WireRecord[], connection: number): Promise<Replayed[]> {
  const written = records.filter((record) => record.connection === connection && !("closed" in record));
  const fromServer = written.filter((record) => "from" in record && record.from === "server");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(Buffer.concat(fromServer.map(recordBytes))));
  });
  const port = await listen(server);
  const events: Replayed[] = [];
  await new Promise<void>((resolve) => {
    const session = new IbConnection(
      { host: "127.0.0.1", port, readOnly: undefined },
      {
        onEvent: (event) => void events.push(event),
        onFault: (what) => void events.push({ kind: "fault", what }),
        onEnd: () => resolve(),
      },
    );
    session.open(written[0]?.client ?? 0);
  });
  await new Promise((resolve) => server.close(resolve));
  return events;
}
