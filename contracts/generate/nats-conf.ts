import { NATS_ACCOUNTS, type NatsAccount, USERS, type User } from "../src/accounts.ts";
import { type Crossing, crossings, permissionsOf } from "./permissions.ts";

const HEAD = `# Generated from contracts/ by "npm run generate". Do not edit.
# Public keys come from the environment: $NK_<USER>. Address, ports and store_dir come from the command line.
server_name: countersign
max_payload: 256KB
max_control_line: 4KB
ping_interval: "5s"
ping_max: 2
write_deadline: "5s"
# A client on a busy machine may take long to answer the server's challenge.
authorization { timeout: 20 }
jetstream {
  max_memory_store: 64MB
  max_file_store: 26GB
  sync_interval: always
  domain: countersign
}
system_account: SYS
`;

/** Own JetStream of an account; the others have none. */
const JETSTREAM: Partial<Record<NatsAccount, string>> = {
  CORE: "jetstream: { max_mem: 32MB, max_file: 16GB, max_streams: 12, max_consumers: 8 }",
  AUDIT: "jetstream: { max_mem: 0, max_file: 10GB, max_streams: 2, max_consumers: 8 }",
};

const list = (subjects: readonly string[]) => `[${subjects.map((subject) => JSON.stringify(subject)).join(", ")}]`;

/** The server's configuration: six accounts, a user for each role, and what crosses between accounts. */
export function natsConf(): string {
  const accounts = (Object.keys(NATS_ACCOUNTS) as NatsAccount[]).map(accountBlock);
  return `${HEAD}accounts {\n${accounts.join("\n")}\n}\n`;
}

function accountBlock(account: NatsAccount): string {
  const users = (Object.keys(USERS) as User[]).filter((user) => USERS[user].account === account);
  const all = crossings();
  const lines = [
    ...(JETSTREAM[account] === undefined ? [] : [`    ${JETSTREAM[account]}`]),
    "    users: [",
    ...users.map(userBlock),
    "    ]",
    ...section("exports", exportLines(all.filter((crossing) => crossing.from === account))),
    ...section("imports", all.filter((crossing) => crossing.to === account).map(importLine)),
  ];
  return `  # ${NATS_ACCOUNTS[account]}\n  ${account}: {\n${lines.join("\n")}\n  }`;
}

function userBlock(user: User): string {
  const variable = `$NK_${user.replaceAll("-", "_").toUpperCase()}`;
  const { publish, subscribe, responds } = permissionsOf(user);
  // What an empty allow list means is left to the server; this is not.
  const publishing = publish.length > 0 ? `allow: ${list(publish)}` : 'deny: [">"]';
  return [
    `      { nkey: ${variable} # ${user}`,
    "        permissions: {",
    `          publish: { ${publishing} }`,
    `          subscribe: { allow: ${list(subscribe)} }`,
    ...(responds ? ['          allow_responses: { max: 1, expires: "60s" }'] : []),
    "        } }",
  ].join("\n");
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`    ${name}: [`, ...lines, "    ]"];
}

function exportLines(out: readonly Crossing[]): string[] {
  const bySubject = Map.groupBy(out, (crossing) => crossing.subject);
  return [...bySubject].map(([subject, group]) => {
    const kind = group[0]?.kind ?? "service";
    return `      { ${kind}: ${JSON.stringify(subject)}, accounts: [${group.map((crossing) => crossing.to).join(", ")}] }`;
  });
}

function importLine(crossing: Crossing): string {
  const source = `${crossing.kind}: { account: ${crossing.from}, subject: ${JSON.stringify(crossing.subject)} }`;
  return `      { ${source}${crossing.kind === "service" ? ", share: true" : ""} }`;
}
