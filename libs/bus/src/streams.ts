import type { User } from "@countersign/contracts/accounts";
import type { StreamName } from "@countersign/contracts/contract-kinds";
import { REPUBLISH } from "@countersign/contracts/subjects";
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from "@nats-io/jetstream";

const SECOND_NS = 1_000_000_000;
const KIB = 1024;
const GIB = 1024 ** 3;

/**
 * Of a record nothing is ever deleted, replaced or read past the leader. A full stream refuses. `max_bytes` also reserves the space,
 * so that a full ORDERS never takes the kill switch's room.
 */
const RECORD = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  num_replicas: 1,
  deny_delete: true,
  deny_purge: true,
  allow_rollup_hdrs: false,
  allow_direct: false,
  duplicate_window: 120 * SECOND_NS,
} satisfies Partial<StreamConfig>;

const republish = (stream: keyof typeof REPUBLISH) => ({
  republish: { src: REPUBLISH[stream].source, dest: REPUBLISH[stream].destination },
});

/** Every stream, with all that matters of it, and the user that provisions it. */
export const STREAM_CONFIGS: Record<
  StreamName,
  { provisioner: User; config: Partial<StreamConfig> & { name: StreamName } }
> = {
  ORDERS: {
    provisioner: "provisioner",
    config: {
      ...RECORD,
      name: "ORDERS",
      subjects: ["order.v1.*.*.*"],
      max_bytes: 8 * GIB,
      max_msg_size: 128 * KIB,
      ...republish("ORDERS"),
    },
  },
  JUDGED: {
    provisioner: "provisioner",
    config: {
      ...RECORD,
      name: "JUDGED",
      subjects: ["judged.v1.verdict.*.*", "judged.v1.value.*"],
      max_bytes: 4 * GIB,
      max_msg_size: 192 * KIB,
    },
  },
  POLICY: {
    provisioner: "provisioner",
    config: {
      ...RECORD,
      name: "POLICY",
      subjects: ["policy.v1.*"],
      max_bytes: 256 * 1024 * KIB,
      max_msg_size: 128 * KIB,
    },
  },
  KV_CONTROL: {
    provisioner: "provisioner",
    // Of each key the oldest settings roll off, so that moving the kill switch never fills the stream.
    config: {
      ...RECORD,
      name: "KV_CONTROL",
      subjects: ["$KV.CONTROL.>"],
      max_bytes: 1 * GIB,
      max_msgs_per_subject: 64,
      max_msg_size: 8 * KIB,
      ...republish("KV_CONTROL"),
    },
  },
  KV_LEASES: {
    provisioner: "provisioner",
    // Renewed every second, so only the last few are kept.
    config: {
      ...RECORD,
      name: "KV_LEASES",
      subjects: ["$KV.LEASES.>"],
      max_bytes: 16 * 1024 * KIB,
      max_msgs_per_subject: 8,
      max_msg_size: 4 * KIB,
    },
  },
  KV_INSTRUMENTS: {
    provisioner: "provisioner",
    // A cache: of each instrument only the newest, and when it is full the oldest goes. Fresh for a day at most; what is
    // kept longer is the last known name of a contract that the broker no longer defines.
    config: {
      ...RECORD,
      name: "KV_INSTRUMENTS",
      subjects: ["$KV.INSTRUMENTS.*"],
      discard: DiscardPolicy.Old,
      max_bytes: 128 * 1024 * KIB,
      max_msgs_per_subject: 1,
      max_msg_size: 32 * KIB,
      max_age: 90 * 86_400 * SECOND_NS,
    },
  },
  KV_PACING: {
    provisioner: "provisioner",
    config: {
      ...RECORD,
      name: "KV_PACING",
      subjects: ["$KV.PACING.*"],
      max_bytes: 4 * 1024 * KIB,
      max_msgs_per_subject: 4,
      max_msg_size: 128 * KIB,
    },
  },
  KV_USAGE: {
    provisioner: "provisioner",
    config: {
      ...RECORD,
      name: "KV_USAGE",
      subjects: ["$KV.USAGE.>"],
      max_bytes: 32 * 1024 * KIB,
      max_msgs_per_subject: 4,
      max_msg_size: 16 * KIB,
    },
  },
  AUDIT: {
    provisioner: "audit-provisioner",
    config: {
      ...RECORD,
      name: "AUDIT",
      subjects: ["audit.v1.rec.*"],
      max_bytes: 9 * GIB,
      max_msg_size: 192 * KIB,
    },
  },
};
