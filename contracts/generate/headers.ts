import type { JsonSchema } from "./schemas.ts";

/** The headers of each kind of message. Their names never change their meaning. */
export const HEADER_TEXTS = {
  "Cs-Schema": "Name and version of the schema, for example risk.propose/1",
  "Cs-Correlation-Id": "The order or the call that this belongs to",
  "Cs-Deadline": "When the caller stops waiting, ms since the epoch; late work is dropped",
  traceparent: "W3C trace context",
  "Cs-Encoding": "Only on an answer that was too long for a message: deflate-raw, how its JSON is packed",
  "Nats-Service-Error-Code": "Only on a fault: its code",
  "Nats-Service-Error": "Only on a fault: its code once more",
} as const;
type HeaderName = keyof typeof HEADER_TEXTS;

const HEADERS_OF: Record<string, { always: readonly HeaderName[]; sometimes: readonly HeaderName[] }> = {
  requestHeaders: { always: ["Cs-Schema", "Cs-Correlation-Id", "Cs-Deadline", "traceparent"], sometimes: [] },
  answerHeaders: { always: [], sometimes: ["Cs-Encoding", "Nats-Service-Error-Code", "Nats-Service-Error"] },
  factHeaders: { always: ["Cs-Schema", "Cs-Correlation-Id", "traceparent"], sometimes: [] },
};

/** A JSON Schema per kind of message that has headers. */
export function headerSchemas(): Record<string, JsonSchema> {
  const schemas = Object.entries(HEADERS_OF).map(([name, { always, sometimes }]) => {
    const properties = [...always, ...sometimes].map((header) => [
      header,
      { type: "string", description: HEADER_TEXTS[header] },
    ]);
    return [name, { type: "object", properties: Object.fromEntries(properties), required: always }] as const;
  });
  return Object.fromEntries(schemas);
}
