import type { Message, Side, Splitter } from "./relay.ts";

/** One line of the NATS client protocol, or one message with its payload. */
export interface NatsMessage extends Message {
  /** PUB, HPUB, MSG, HMSG, or what else the line begins with. */
  readonly verb: string;
  /** Empty for lines that carry no message. */
  readonly subject: string;
  readonly reply: string | undefined;
  readonly body: Buffer;
}

const CRLF = "\r\n";

/** Of a message: how many words its line has without and with a reply subject, and where its length stands. */
const FORMS: Readonly<Record<string, { words: number; header: boolean }>> = {
  PUB: { words: 3, header: false },
  HPUB: { words: 4, header: true },
  MSG: { words: 4, header: false },
  HMSG: { words: 5, header: true },
};

export function natsSplitter(from: Side): Splitter<NatsMessage> {
  let held: Buffer = Buffer.alloc(0);
  const next = (): NatsMessage | undefined => {
    const end = held.indexOf(CRLF);
    if (end < 0) return undefined;
    const words = held.toString("latin1", 0, end).split(/\s+/);
    const verb = (words[0] ?? "").toUpperCase();
    const form = FORMS[verb];
    const payload = form === undefined ? 0 : Number(words.at(-1)) + CRLF.length;
    const size = end + CRLF.length + payload;
    if (held.length < size) return undefined;
    const bytes = held.subarray(0, size);
    held = held.subarray(size);
    if (form === undefined) return { from, bytes, verb, subject: "", reply: undefined, body: Buffer.alloc(0) };
    const headers = form.header ? Number(words.at(-2)) : 0;
    const lengths = form.header ? 2 : 1;
    const reply = words.length > form.words ? words.at(-1 - lengths) : undefined;
    const body = bytes.subarray(end + CRLF.length + headers, size - CRLF.length);
    return { from, bytes, verb, subject: words[1] ?? "", reply, body };
  };
  return {
    push(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const found: NatsMessage[] = [];
      for (let message = next(); message !== undefined; message = next()) found.push(message);
      return found;
    },
  };
}

/** The `type` of the JSON that a message carries; undefined when it has none. */
export function typeOf(message: NatsMessage): string | undefined {
  const type = field(message, "type");
  return typeof type === "string" ? type : undefined;
}

/** One field of the JSON object that a message carries. */
export function field(message: NatsMessage, name: string): unknown {
  try {
    const value: unknown = JSON.parse(message.body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}
