import { NATS_ACCOUNTS, type NatsAccount, USERS, type User } from "../src/accounts.ts";
import { STREAMS } from "../src/contract-kinds.ts";
import { MARKET_FEEDS } from "../src/market-feeds.ts";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, REPUBLISH, RPCS } from "../src/subjects.ts";
import { GENERATED, table } from "./markdown.ts";
import { permissionsOf } from "./permissions.ts";
import { schemaName } from "./schemas.ts";

const code = (text: string) => `\`${text}\``;
const userList = (users: readonly User[]) => users.join(", ");
const link = (name: string) => `[${name}](messages.md#${name.toLowerCase()})`;

const rpcRows = () =>
  [...Object.values(RPCS), ...Object.values(AUDIT_APPENDS)].map((rpc) => [
    code(rpc.subject),
    rpc.text,
    userList(rpc.callers),
    `${rpc.server} (${USERS[rpc.server].account})`,
    `${rpc.effect}, ${rpc.timeoutMs} ms`,
    `${link(schemaName(rpc.request))} → ${link(schemaName(rpc.reply))}`,
  ]);

const factRows = () =>
  Object.values(FACTS).map((fact) => [
    code(fact.subject),
    fact.text,
    fact.stream,
    fact.publisher,
    userList(fact.readers),
    link(schemaName(fact.body)),
  ]);

const heartbeatRows = () =>
  Object.values(HEARTBEATS).map((beat) => [code(beat.subject), beat.publisher, userList(beat.readers)]);

const feedRows = () =>
  Object.values(MARKET_FEEDS).map((feed) => {
    const body = link(schemaName(feed.body));
    return [code(feed.subject), feed.text, feed.publisher, userList(feed.readers), body];
  });

const streamRows = () =>
  Object.entries(STREAMS).map(([name, { account, text }]) => {
    const copies = Object.entries(REPUBLISH).find(([stream]) => stream === name)?.[1].destination;
    return [name, account, text, copies === undefined ? "" : code(copies)];
  });

function accountRows(): string[][] {
  return (Object.keys(NATS_ACCOUNTS) as NatsAccount[]).map((account) => {
    const members = (Object.keys(USERS) as User[]).filter((user) => USERS[user].account === account);
    return [account, NATS_ACCOUNTS[account], userList(members)];
  });
}

function userSection(user: User): string {
  const { publish, subscribe, responds } = permissionsOf(user);
  const bullets = (subjects: readonly string[]) => subjects.map((subject) => `  - ${code(subject)}`);
  return [
    `### ${user}`,
    "",
    ...(publish.length === 0 ? ["- publishes nothing"] : ["- publishes", ...bullets(publish)]),
    "- subscribes to",
    ...bullets(subscribe),
    ...(responds ? ["- answers what it is asked, once, within 60 s"] : []),
  ].join("\n");
}

/** docs/generated/subjects.md: the table of subjects and what follows from it for each user. */
export function subjectsPage(): string {
  return [
    "# Subjects",
    GENERATED,
    "`{name}` stands for one token, `{name...}` for one or more.",
    "## Accounts",
    table(["account", "what it holds", "users"], accountRows()),
    "## Questions and answers",
    table(["subject", "what", "callers", "server", "effect", "messages"], rpcRows()),
    "## Facts",
    table(["subject", "what", "stream", "written by", "read by", "message"], factRows()),
    "## Streams",
    table(["stream", "account", "what it holds", "republished to"], streamRows()),
    "## Heartbeats",
    table(["subject", "from", "to"], heartbeatRows()),
    "## Feeds",
    "Latest wins, and a message may be lost.",
    table(["subject", "what", "from", "to", "message"], feedRows()),
    "## What each user may do",
    "Everything else is refused by the server; `permissions.json` beside this page is what the tests try.",
    ...(Object.keys(USERS) as User[]).map(userSection),
    "",
  ].join("\n\n");
}
