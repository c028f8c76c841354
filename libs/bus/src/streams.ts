import type { User } from "@countersign/contracts/accounts";
import type { StreamName } from "@countersign/contracts/contract-kinds";
import { REPUBLISH } from "@countersign/contracts/subjects";
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from "@nats-io/jetstream";

const SECOND_NS = 1_000_000_000;

/** Nothing is ever deleted, replaced or read past the leader. A full stream refuses. */
const RECORD = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
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
      discard: DiscardPolicy.New,
      max_msg_size: 128 * 1024,
      ...republish("ORDERS"),
    },
  },
  KV_CONTROL: {
    provisioner: "provisioner",
    // Old settings of a key roll off; the stream is the kill switch, so it must never be full.
    config: {
      ...RECORD,
      name: "KV_CONTROL",
      subjects: ["$KV.CONTROL.>"],
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 64,
      max_msg_size: 8 * 1024,
      ...republish("KV_CONTROL"),
    },
  },
  AUDIT: {
    provisioner: "audit-provisioner",
    config: {
      ...RECORD,
      name: "AUDIT",
      subjects: ["audit.v1.rec.*"],
      discard: DiscardPolicy.New,
      max_msg_size: 192 * 1024,
    },
  },
};
