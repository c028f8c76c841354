import type { Bus, StoredFact } from "@countersign/bus/bus";
import type { Fact } from "@countersign/contracts/contract-kinds";
import { subjectOf } from "@countersign/contracts/subjects";

interface Message {
  readonly subject: string;
  readonly text: string;
}

/** The stream of recorded decisions in memory: what is appended goes through the same schemas and the same text. */
export class MemoryStream {
  readonly messages: Message[] = [];
  readonly #bySubject = new Map<string, number[]>();

  asBus(): Pick<Bus, "append" | "readSubject" | "readText" | "streamState"> {
    return this as unknown as Bus;
  }

  async append(fact: Fact, params: Record<string, string>, body: unknown, options: { expectedSequence?: number }) {
    const subject = subjectOf(fact.subject, params);
    const own = this.#bySubject.get(subject) ?? [];
    const { expectedSequence } = options;
    if (expectedSequence !== undefined && expectedSequence !== (own.at(-1) ?? 0)) return { outcome: "conflict" };
    this.messages.push({ subject, text: JSON.stringify(fact.body.parse(body)) });
    this.#bySubject.set(subject, [...own, this.messages.length]);
    return { outcome: "appended", sequence: this.messages.length, duplicate: false };
  }

  async readSubject(fact: Fact, params: Record<string, string>): Promise<StoredFact<Fact>[]> {
    const subject = subjectOf(fact.subject, params);
    return (this.#bySubject.get(subject) ?? []).map((sequence) => {
      const text = this.messages[sequence - 1]?.text ?? "";
      return { sequence, subject, text, body: fact.body.parse(JSON.parse(text)) };
    });
  }

  async readText(_fact: Fact, sequence: number): Promise<Message | undefined> {
    return this.messages[sequence - 1];
  }

  async streamState() {
    return { firstSequence: 1, lastSequence: this.messages.length, messages: this.messages.length };
  }
}
