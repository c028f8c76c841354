import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { User } from "@countersign/contracts/accounts";
import { connect, errors } from "@nats-io/transport-node";
import { inboxPrefixOf } from "./connection.ts";
import { readNKey } from "./nkey.ts";

/** One user at the raw server, without what our own code would stop before: for the tests of the server's permissions. */
export interface PermissionProbe {
  /** Sends an empty message to each subject; returns those that the server refused. */
  refusedPublishes(subjects: readonly string[]): Promise<Set<string>>;
  /** Subscribes to each subject for a moment; returns those that the server refused. */
  refusedSubscriptions(subjects: readonly string[]): Promise<Set<string>>;
  /** Sends a message whose answer goes to a subject of the sender's choice; resolves when the server has seen it. */
  send(subject: string, text: string, reply?: string): Promise<void>;
  /** Subscribes; the array grows with the text of each message. With `answer`, each request gets it. */
  record(subject: string, answer?: string): Promise<string[]>;
  /** Resolves when the server has handled all that was sent before. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export async function openPermissionProbe(options: {
  url: string;
  keysDir: string;
  user: User;
}): Promise<PermissionProbe> {
  const { url, keysDir, user } = options;
  const seed = readFileSync(join(keysDir, `${user}.nk`), "utf8").trim();
  const nats = await connect({
    servers: url,
    name: `probe/${user}`,
    authenticator: readNKey(seed).authenticator,
    inboxPrefix: inboxPrefixOf(user),
    noAsyncTraces: true,
    reconnect: false,
  });
  const refusals: InstanceType<typeof errors.PermissionViolationError>[] = [];
  void (async () => {
    for await (const status of nats.status()) {
      if (status.type === "error" && status.error instanceof errors.PermissionViolationError)
        refusals.push(status.error);
    }
  })();

  const refusedDuring = async (operation: "publish" | "subscription", task: () => void): Promise<Set<string>> => {
    refusals.length = 0;
    task();
    await nats.flush();
    // The server writes refusals before its pong, but they come through a queue of their own.
    await nats.flush();
    return new Set(refusals.filter((refusal) => refusal.operation === operation).map((refusal) => refusal.subject));
  };

  return {
    refusedPublishes: (subjects) =>
      refusedDuring("publish", () => {
        for (const subject of subjects) nats.publish(subject);
      }),
    async refusedSubscriptions(subjects) {
      const opened = subjects.map((subject) => () => nats.subscribe(subject, { callback: () => undefined }));
      let subscriptions: { unsubscribe(): void }[] = [];
      const refused = await refusedDuring("subscription", () => {
        subscriptions = opened.map((open) => open());
      });
      for (const subscription of subscriptions) subscription.unsubscribe();
      return refused;
    },
    async send(subject, text, reply) {
      nats.publish(subject, text, reply === undefined ? {} : { reply });
      await nats.flush();
    },
    async record(subject, answer) {
      const texts: string[] = [];
      nats.subscribe(subject, {
        callback: (error, message) => {
          if (error) return;
          texts.push(message.string());
          if (answer !== undefined) message.respond(answer);
        },
      });
      await nats.flush();
      return texts;
    },
    flush: () => nats.flush(),
    close: () => nats.close(),
  };
}
