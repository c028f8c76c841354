import { BrokerStatus } from "@countersign/contracts/messages/broker.v1";
import { Mode } from "@countersign/contracts/mode";
import { UtcText } from "@countersign/contracts/primitives";
import * as z from "zod";

/** In the order in which they stand on each other: the first that fails is the cause to look at. */
export const LAYERS = ["nats", "streams", "control", "audit", "broker", "data", "clock", "services"] as const;
export type LayerName = (typeof LAYERS)[number];

export const Layer = z.strictObject({
  layer: z.enum(LAYERS),
  ok: z.boolean(),
  detail: z.string().describe("One sentence"),
});
export type Layer = z.infer<typeof Layer>;

export const ServiceHealth = z.strictObject({
  service: z.string(),
  ok: z.boolean().describe("There, and ready"),
  detail: z.string(),
  ageMs: z.int().nullable().describe("Since its last sign of life; null: never heard"),
  startedAt: UtcText.nullable(),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type ServiceHealth = z.infer<typeof ServiceHealth>;

export const HealthReport = z.strictObject({
  ok: z.boolean(),
  mode: Mode,
  at: UtcText,
  failing: z.enum(LAYERS).nullable().describe("The first layer that fails"),
  summary: z.string(),
  layers: z.array(Layer),
  services: z.array(ServiceHealth),
  natsVersion: z.string(),
  natsRoundTripMs: z.number().nullable(),
  broker: BrokerStatus.nullable().describe("null: it could not be asked"),
  auditSize: z.int().nullable(),
});
export type HealthReport = z.infer<typeof HealthReport>;
