/** Our headers, next to those of NATS. They are a published contract: names never change their meaning. */
export const HEADER = {
  schema: "Cs-Schema",
  correlation: "Cs-Correlation-Id",
  deadline: "Cs-Deadline",
  trace: "traceparent",
  /** Of a reply that did not fit into a message as it was. */
  encoding: "Cs-Encoding",
  errorCode: "Nats-Service-Error-Code",
  error: "Nats-Service-Error",
  /** Set by JetStream on republished messages. */
  subject: "Nats-Subject",
  sequence: "Nats-Sequence",
} as const;

/** JetStream's own conditions of an append: it refuses what does not meet them. */
export const CONDITION = {
  stream: "Nats-Expected-Stream",
  subjectSequence: "Nats-Expected-Last-Subject-Sequence",
  subjectFilter: "Nats-Expected-Last-Subject-Sequence-Subject",
  streamSequence: "Nats-Expected-Last-Sequence",
  messageId: "Nats-Msg-Id",
} as const;

/** Largest message that we send; the server refuses more. */
export const PAYLOAD_BYTES_MAX = 200 * 1024;
