import { FACETS } from "@countersign/contracts/life";

/** One command to one stream. */
export type StreamCommand =
  | {
      readonly do: "append";
      readonly subject: string;
      readonly said: Said;
      readonly expectedSequence?: number;
      /** Last sequence of all subjects that differ in their last token only; counts in place of the subject's own. */
      readonly expectedOrderSequence?: number;
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

/** A text; or what it says, where whoever reads it may have the same object. */
export type Said = { readonly text: string } | { readonly body: unknown };

export interface Stored {
  readonly sequence: number;
  readonly subject: string;
  readonly text: string;
  /** Absent: whoever reads it parses. */
  readonly body?: unknown;
}

/** Its text is written when somebody asks for it. */
class SharedMessage implements Stored {
  readonly sequence: number;
  readonly subject: string;
  readonly body: unknown;
  #text: string | undefined;

  constructor(sequence: number, subject: string, body: unknown) {
    this.sequence = sequence;
    this.subject = subject;
    this.body = body;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.body);
    return this.#text;
  }
}

export function bodyOf(message: Stored): unknown {
  return message.body === undefined ? JSON.parse(message.text) : message.body;
}

export type StreamResult =
  | { readonly is: "appended"; readonly sequence: number; readonly duplicate: boolean }
  | { readonly is: "refused"; readonly code: number }
  | { readonly is: "message"; readonly message: Stored | undefined }
  | {
      readonly is: "info";
      readonly firstSequence: number;
      readonly lastSequence: number;
      readonly messages: number;
      readonly subjects: readonly string[];
    }
  | { readonly is: "done" };

const WRONG_LAST_SEQUENCE = 10_071;
const STREAM_FULL = 10_077;
const DUPLICATES_KNOWN_MS = 120_000;

/** A JetStream stream in memory: commands in, results out, nothing else happens. */
export class FakeStream {
  /** By sequence, from 1; undefined: rolled off. */
  readonly #stored: (Stored | undefined)[] = [];
  /** What is there of each subject, oldest first. */
  readonly #bySubject = new Map<string, Stored[]>();
  readonly #ids = new Map<string, { readonly sequence: number; readonly atMs: number }>();
  readonly #perSubjectMax: number;
  #first = 0;
  #synced = 0;
  #full = false;

  /** `perSubjectMax`: of each subject the oldest beyond so many roll off. */
  constructor(options: { readonly perSubjectMax?: number | undefined } = {}) {
    this.#perSubjectMax = options.perSubjectMax ?? Number.POSITIVE_INFINITY;
  }

  /** Everything that is there, in order. */
  get messages(): readonly Stored[] {
    return this.#stored.filter((message) => message !== undefined);
  }

  apply(command: StreamCommand): StreamResult {
    switch (command.do) {
      case "append":
        return this.#append(command);
      case "last":
        return { is: "message", message: this.#newest(command.subject) };
      case "at":
        return { is: "message", message: this.#stored[command.sequence - 1] };
      case "next":
        return { is: "message", message: this.#next(command.subject, command.from) };
      case "info":
        return this.#info(command.prefix);
      case "sync":
        this.#synced = this.#stored.length;
        return { is: "done" };
      case "powerCut":
        this.#cut();
        return { is: "done" };
      case "full":
        this.#full = command.is;
        return { is: "done" };
    }
  }

  /** As the server does: a wrong sequence is refused before a repeated id is looked for. */
  #append(command: Extract<StreamCommand, { do: "append" }>): StreamResult {
    const { expectedStreamSequence, messageId, atMs } = command;
    const last = this.#stored.length;
    const stale = expectedStreamSequence !== undefined && expectedStreamSequence !== last;
    if (stale || this.#isPast(command)) {
      return { is: "refused", code: WRONG_LAST_SEQUENCE };
    }
    const known = messageId === undefined ? undefined : this.#ids.get(messageId);
    if (known !== undefined && atMs - known.atMs < DUPLICATES_KNOWN_MS) {
      return { is: "appended", sequence: known.sequence, duplicate: true };
    }
    if (this.#full) return { is: "refused", code: STREAM_FULL };
    const { subject, said } = command;
    const sequence = last + 1;
    const message = "body" in said ? new SharedMessage(sequence, subject, said.body) : { sequence, subject, ...said };
    this.#put(message);
    if (messageId !== undefined) this.#ids.set(messageId, { sequence: message.sequence, atMs });
    return { is: "appended", sequence: message.sequence, duplicate: false };
  }

  #isPast({ subject, expectedSequence, expectedOrderSequence }: Extract<StreamCommand, { do: "append" }>): boolean {
    if (expectedOrderSequence === undefined)
      return expectedSequence !== undefined && expectedSequence !== this.#lastOf(subject);
    const order = subject.slice(0, subject.lastIndexOf(".") + 1);
    let last = 0;
    for (const facet of FACETS) last = Math.max(last, this.#lastOf(order + facet));
    return expectedOrderSequence !== last;
  }

  /** Of one subject, or of all that begin with what stands before the last ">". */
  #newest(subject: string): Stored | undefined {
    if (!subject.endsWith(".>")) return this.#bySubject.get(subject)?.at(-1);
    const prefix = subject.slice(0, -1);
    return this.#stored.findLast((message) => message?.subject.startsWith(prefix));
  }

  #lastOf(subject: string): number {
    return this.#bySubject.get(subject)?.at(-1)?.sequence ?? 0;
  }

  #put(message: Stored): void {
    const ofSubject = this.#bySubject.get(message.subject) ?? [];
    this.#bySubject.set(message.subject, ofSubject);
    this.#stored.push(message);
    ofSubject.push(message);
    const over = ofSubject.length > this.#perSubjectMax ? ofSubject.shift() : undefined;
    if (over !== undefined) this.#stored[over.sequence - 1] = undefined;
    while (this.#first < this.#stored.length && this.#stored[this.#first] === undefined) this.#first += 1;
  }

  #next(subject: string, from: number): Stored | undefined {
    return this.#bySubject.get(subject)?.find((message) => message.sequence >= from);
  }

  #info(prefix: string | undefined): StreamResult {
    const lastSequence = this.#stored.length;
    const subjects: string[] = [];
    let messages = 0;
    for (const [subject, { length }] of this.#bySubject) {
      messages += length;
      // Without a prefix no subjects are told.
      if (length > 0 && prefix !== undefined && subject.startsWith(prefix)) subjects.push(subject);
    }
    return { is: "info", firstSequence: lastSequence === 0 ? 0 : this.#first + 1, lastSequence, messages, subjects };
  }

  #cut(): void {
    const kept = this.messages.filter(({ sequence }) => sequence <= this.#synced);
    this.#stored.length = Math.min(this.#stored.length, this.#synced);
    this.#bySubject.clear();
    for (const message of kept) {
      const ofSubject = this.#bySubject.get(message.subject) ?? [];
      this.#bySubject.set(message.subject, [...ofSubject, message]);
    }
    for (const [id, { sequence }] of this.#ids) if (sequence > this.#synced) this.#ids.delete(id);
  }
}
