import type { Clock } from "@countersign/clock/clock";
import { createInbox, errors, type Msg, type MsgHdrs, type NatsConnection } from "@nats-io/transport-node";

interface Waiting {
  readonly subject: string;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (error: Error) => void;
}

const NO_RESPONDERS = 503;

/**
 * The requests of one connection, all answered over one subscription. The client's own requests do the same, and make an
 * error with its stack for each one that went well.
 */
export class ReplyInbox {
  readonly #nats: NatsConnection;
  readonly #clock: Clock;
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(nats: NatsConnection, clock: Clock, prefix: string) {
    this.#nats = nats;
    this.#clock = clock;
    this.#inbox = createInbox(prefix);
    nats.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => (error === null ? this.#take(message) : this.fail(error)),
    });
  }

  /** Rejects with the client's errors: nobody there, too late, refused by the server, closed. */
  request(
    subject: string,
    text: string,
    { headers, timeoutMs }: { headers: MsgHdrs; timeoutMs: number },
  ): Promise<Msg> {
    this.#count += 1;
    const reply = `${this.#inbox}.${this.#count}`;
    return new Promise((resolve, reject) => {
      this.#nats.publish(subject, text, { headers, reply });
      const end = () => {
        timer.cancel();
        this.#waiting.delete(reply);
      };
      const waiting: Waiting = {
        subject,
        resolve: (answer) => {
          end();
          resolve(answer);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      const timer = this.#clock.setTimeout(() => waiting.reject(new errors.TimeoutError()), timeoutMs);
      this.#waiting.set(reply, waiting);
    });
  }

  #take(answer: Msg): void {
    const waiting = this.#waiting.get(answer.subject);
    if (waiting === undefined) return;
    if (answer.data.length > 0 || answer.headers?.code !== NO_RESPONDERS) waiting.resolve(answer);
    else waiting.reject(new errors.NoRespondersError(waiting.subject));
  }

  /** Ends the requests to this subject; without one, all. */
  fail(error: Error, subject?: string): void {
    for (const waiting of this.#waiting.values()) {
      if (subject === undefined || waiting.subject === subject) waiting.reject(error);
    }
  }
}
