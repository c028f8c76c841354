import type { Fact, StreamName } from "@countersign/contracts/contract-kinds";
import { REPUBLISH } from "@countersign/contracts/subjects";
import type { Bus } from "./bus.ts";
import type { Connection } from "./connection.ts";
import { HEADER } from "./headers.ts";

export interface LiveMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly text: string;
}

/**
 * Messages of a stream as JetStream republishes them, over a plain subscription: no consumer, so no service needs the
 * right to create one. May lose messages like any core subscription; the sequence tells the reader.
 */
export function subscribeLive(
  bus: Bus,
  fact: Fact,
  onMessage: (message: LiveMessage) => void,
): { connection: Connection; close: () => void } {
  const stream = fact.stream as keyof typeof REPUBLISH & StreamName;
  const connection = bus.connection([...fact.readers, fact.publisher], fact.subject);
  const subscription = connection.nats.subscribe(REPUBLISH[stream].destination, {
    callback: (error, message) => {
      if (error) {
        bus.log.error({ stream, error: error.message }, "live subscription refused");
        return;
      }
      const sequence = Number(message.headers?.get(HEADER.sequence));
      const subject = message.headers?.get(HEADER.subject) ?? "";
      onMessage({ subject, sequence, text: message.string() });
    },
  });
  return { connection, close: () => subscription.unsubscribe() };
}
