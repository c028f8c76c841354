import type { Fact, StreamName } from "@countersign/contracts/contract-kinds";
import { REPUBLISH } from "@countersign/contracts/subjects";
import type { StoredMsg } from "@nats-io/jetstream";
import type { Bus } from "./bus.ts";
import { getMessage } from "./facts.ts";
import { HEADER } from "./headers.ts";

export interface LiveMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly text: string;
}

/** One stream as whoever follows it sees it: copies of what is appended, and questions to the stream's leader. */
export interface Followed {
  readonly up: boolean;
  onChange(listener: (state: "down" | "up") => void): void;
  /** `subjects`: those of the filter that have a message; empty without a filter. Rejects when nobody answers. */
  info(filter?: string): Promise<{ readonly lastSequence: number; readonly subjects: readonly string[] }>;
  /** Undefined when the stream has none there. Throws a Fault when nobody answers. */
  last(subject: string): Promise<LiveMessage | undefined>;
  at(sequence: number): Promise<LiveMessage | undefined>;
  close(): void;
}

/**
 * Messages of a stream as JetStream republishes them, over a plain subscription: no consumer, so no service needs the
 * right to create one. May lose messages like any core subscription; the sequence tells the reader.
 */
export function followStream(bus: Bus, fact: Fact, onMessage: (message: LiveMessage) => void): Followed {
  const stream = fact.stream as keyof typeof REPUBLISH & StreamName;
  const connection = bus.connection([...fact.readers, fact.publisher], fact.subject);
  const listeners = new Set<(state: "down" | "up") => void>();
  const tell = (state: "down" | "up") => {
    for (const listener of listeners) listener(state);
  };
  connection.onChange.add(tell);
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
  return {
    get up() {
      return connection.up;
    },
    onChange: (listener) => void listeners.add(listener),
    info: async (filter) => {
      const options = filter === undefined ? {} : { subjects_filter: filter };
      const { state } = await connection.jsm.streams.info(stream, options);
      return { lastSequence: state.last_seq, subjects: Object.keys(state.subjects ?? {}) };
    },
    last: async (subject) => liveOf(await getMessage(connection, stream, { last_by_subj: subject })),
    at: async (sequence) => liveOf(await getMessage(connection, stream, { seq: sequence })),
    close: () => {
      connection.onChange.delete(tell);
      subscription.unsubscribe();
    },
  };
}

function liveOf(message: StoredMsg | undefined): LiveMessage | undefined {
  return message && { subject: message.subject, sequence: message.seq, text: message.string() };
}
