import { STREAMS } from "../src/contract-kinds.ts";

/** What nobody may do, whoever they are. Tried by every user, next to the subjects of the table. */

const streams = Object.keys(STREAMS);

const STREAM_VERBS = ["DELETE", "PURGE", "MSG.DELETE", "RESTORE", "SNAPSHOT", "LEADER.STEPDOWN", "PEER.REMOVE"];
const CONSUMER_VERBS = ["CREATE", "DURABLE.CREATE", "DELETE", "MSG.NEXT", "PAUSE", "RESET", "UNPIN", "INFO"];

const ofEachStream = streams.flatMap((stream) => [
  ...STREAM_VERBS.map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
  ...CONSUMER_VERBS.map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.probe`),
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.probe.order.v1.x.x.exec`,
  `$JS.API.CONSUMER.NAMES.${stream}`,
  `$JS.API.CONSUMER.LIST.${stream}`,
  `$JS.API.DIRECT.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}.order.v1.x.x.exec`,
  `$JS.ACK.${stream}.probe.1.1.1.1.1`,
  `$JS.FC.${stream}.probe.1`,
]);

export const HOSTILE_PUBLISH: readonly string[] = [
  ...ofEachStream,
  "$JS.API.STREAM.CREATE.OTHER",
  "$JS.API.STREAM.UPDATE.OTHER",
  "$JS.API.STREAM.NAMES",
  "$JS.API.STREAM.LIST",
  "$JS.API.STREAM.INFO.OTHER",
  "$JS.API.STREAM.MSG.GET.OTHER",
  "$JS.API.ACCOUNT.PURGE.CORE",
  "$JS.API.META.LEADER.STEPDOWN",
  "$JS.API.SERVER.REMOVE",
  "$SYS.REQ.SERVER.x.RELOAD",
  "$SYS.REQ.SERVER.x.KICK",
  "$SYS.REQ.ACCOUNT.CORE.CONNZ",
  "$SYS.REQ.CLAIMS.UPDATE",
  "$SRV.PING",
  "_INBOX.x",
  "_R_.x",
  "order.v1.DU1234567.prop_x.other",
  "order.v1.DU1234567",
  "order.v2.DU1234567.prop_x.exec",
  "$KV.CONTROL.other",
  "$KV.CONTROL.writer.other",
  "$KV.CONTROL.claim.DU1234567",
  "exec.v1.submit",
  "exec.v1.other.DU1234567",
  "exec.v1.submit.DU1234567.x",
  "audit.v1.append.other",
  "audit.v1.rec.x.y",
  "hb.v1.other",
];

export const HOSTILE_SUBSCRIBE: readonly string[] = [
  ">",
  "*",
  "*.>",
  "*.v1.>",
  "*.*.*",
  "$SYS.>",
  "$JS.>",
  "$JS.API.>",
  "$JS.EVENT.>",
  "$JS.ACK.>",
  "$KV.CONTROL.>",
  "$KV.>",
  "$SRV.>",
  "_INBOX.>",
  "_R_.>",
  "rpc.v1.>",
  "rpc.v1.*.*",
  "ops.v1.>",
  "exec.v1.>",
  "exec.v1.*.*",
  "order.v1.>",
  "order.v1.*.*.*",
  "audit.v1.>",
  "audit.v1.append.*",
  "audit.v1.rec.*",
  "live.v1.>",
  "live.>",
  "hb.v1.>",
  "hb.v1.*",
];
