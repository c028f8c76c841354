/** One command to one stream. */
export type StreamCommand =
  | {
      readonly do: "append";
      readonly subject: string;
      readonly text: string;
      readonly expectedSequence?: number;
      readonly expectedStreamSequence?: number;
      readonly messageId?: string;
      /** Server time in ms; repeats of a message id are known for two minutes. */
      readonly atMs: number;
    }
  | { readonly do: "last"; readonly subject: string }
  | { readonly do: "at"; readonly sequence: number }
  | { readonly do: "next"; readonly subject: string; readonly from: number }
  | { readonly do: "info"; readonly prefix?: string }
  /** What was stored is on the disk. */
  | { readonly do: "sync" }
  /** What was not on the disk is gone. */
  | { readonly do: "powerCut" }
  | { readonly do: "full"; readonly is: boolean };

export interface Stored {
  readonly sequence: number;
  readonly subject: string;
  readonly text: string;
}

export type StreamResult =
  | { readonly is: "appended"; readonly sequence: number; readonly duplicate: boolean }
  | { readonly is: "refused"; readonly code: number }
  | { readonly is: "message"; readonly message: Stored | undefined }
  | { readonly is: "info"; readonly lastSequence: number; readonly subjects: readonly string[] }
  | { readonly is: "done" };

const WRONG_LAST_SEQUENCE = 10_071;
const STREAM_FULL = 10_077;
const DUPLICATES_KNOWN_MS = 120_000;

/** A JetStream stream in memory: commands in, results out, nothing else happens. */
export class FakeStream {
  readonly messages: Stored[] = [];
  readonly #last = new Map<string, Stored>();
  readonly #ids = new Map<string, { readonly sequence: number; readonly atMs: number }>();
  #synced = 0;
  #full = false;

  apply(command: StreamCommand): StreamResult {
    switch (command.do) {
      case "append":
        return this.#append(command);
      case "last":
        return { is: "message", message: this.#last.get(command.subject) };
      case "at":
        return { is: "message", message: this.messages[command.sequence - 1] };
      case "next":
        return { is: "message", message: this.#next(command.subject, command.from) };
      case "info":
        return { is: "info", lastSequence: this.messages.length, subjects: this.#subjects(command.prefix) };
      case "sync":
        this.#synced = this.messages.length;
        return { is: "done" };
      case "powerCut":
        this.#cut();
        return { is: "done" };
      case "full":
        this.#full = command.is;
        return { is: "done" };
    }
  }

  #append(command: Extract<StreamCommand, { do: "append" }>): StreamResult {
    const { subject, text, expectedSequence, expectedStreamSequence, messageId, atMs } = command;
    const known = messageId === undefined ? undefined : this.#ids.get(messageId);
    if (known !== undefined && atMs - known.atMs < DUPLICATES_KNOWN_MS) {
      return { is: "appended", sequence: known.sequence, duplicate: true };
    }
    const lastOfSubject = this.#last.get(subject)?.sequence ?? 0;
    const stale = expectedStreamSequence !== undefined && expectedStreamSequence !== this.messages.length;
    if (stale || (expectedSequence !== undefined && expectedSequence !== lastOfSubject)) {
      return { is: "refused", code: WRONG_LAST_SEQUENCE };
    }
    if (this.#full) return { is: "refused", code: STREAM_FULL };
    const message = { sequence: this.messages.length + 1, subject, text };
    this.messages.push(message);
    this.#last.set(subject, message);
    if (messageId !== undefined) this.#ids.set(messageId, { sequence: message.sequence, atMs });
    return { is: "appended", sequence: message.sequence, duplicate: false };
  }

  #next(subject: string, from: number): Stored | undefined {
    return this.messages.find((message) => message.sequence >= from && message.subject === subject);
  }

  #subjects(prefix: string | undefined): string[] {
    return prefix === undefined ? [] : [...this.#last.keys()].filter((subject) => subject.startsWith(prefix));
  }

  #cut(): void {
    this.messages.length = Math.min(this.messages.length, this.#synced);
    this.#last.clear();
    for (const message of this.messages) this.#last.set(message.subject, message);
    for (const [id, { sequence }] of this.#ids) if (sequence > this.#synced) this.#ids.delete(id);
  }
}
