/** The six NATS accounts and who connects to them. A service with two roles has two users, and so two connections. */
export const NATS_ACCOUNTS = {
  EDGE: "What agents reach",
  CORE: "The services among themselves; JetStream with the orders and the control stream",
  OPS: "People: the admin API towards approval and audit",
  EXEC: "The only subjects that write orders; two members",
  AUDIT: "The audit stream, with its own JetStream",
  SYS: "The server itself",
} as const;
export type NatsAccount = keyof typeof NATS_ACCOUNTS;

export const USERS = {
  "mcp-edge": { account: "EDGE", service: "mcp-edge" },
  "mcp-edge-usage": { account: "CORE", service: "mcp-edge" },
  "market-data": { account: "CORE", service: "market-data" },
  "risk-gate": { account: "CORE", service: "risk-gate" },
  "approval-core": { account: "CORE", service: "approval" },
  "approval-ops": { account: "OPS", service: "approval" },
  "approval-exec": { account: "EXEC", service: "approval" },
  "broker-gateway-core": { account: "CORE", service: "broker-gateway" },
  "broker-gateway-exec": { account: "EXEC", service: "broker-gateway" },
  "audit-writer": { account: "AUDIT", service: "audit-writer" },
  "admin-core": { account: "CORE", service: "admin-api" },
  "admin-ops": { account: "OPS", service: "admin-api" },
  provisioner: { account: "CORE", service: "provisioner" },
  "audit-provisioner": { account: "AUDIT", service: "provisioner" },
  sys: { account: "SYS", service: "provisioner" },
} as const satisfies Record<string, { account: NatsAccount; service: string }>;
export type User = keyof typeof USERS;
export type ServiceName = (typeof USERS)[User]["service"];
