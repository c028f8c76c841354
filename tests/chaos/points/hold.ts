import type { NatsMessage } from "../relay/nats-messages.ts";
import type { Message, Relay } from "../relay/relay.ts";
import { inTime } from "./run-point.ts";

export interface Held {
  /** Settles when the first message that fits is held back. */
  readonly reached: Promise<void>;
  /** Lets it go on; before that nothing behind it passes either. */
  release(): void;
}

/** Holds back one message, and with it everything behind it in the same direction. */
export function hold<M extends Message>(relay: Relay<M>, matches: (message: M) => boolean): Held {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    const remove = relay.addRule((message) => {
      if (!matches(message)) return undefined;
      remove();
      resolve();
      return released.then(() => [message.bytes]);
    });
  });
  return { reached: inTime(reached, "nothing came that could be held back"), release };
}

/** The server's answer to what the client publishes. */
export function answerTo(matches: (message: NatsMessage) => boolean): (message: NatsMessage) => boolean {
  let reply: string | undefined;
  return (message) => {
    if (message.from === "client" && matches(message)) reply = message.reply;
    return message.from === "server" && reply !== undefined && message.subject === reply;
  };
}
