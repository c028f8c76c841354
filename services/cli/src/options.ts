const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
/** Every flag of the commands that ask the admin API. */
export const OPTIONS = {
  json: flag,
  yes: flag,
  local: flag,
  help: { type: "boolean", short: "h" } as const,
  reason: text,
  code: text,
  quantity: text,
  limit: text,
  scope: text,
  confirm: { type: "string", multiple: true } as const,
  state: text,
  cursor: text,
  cancel: text,
  rounds: text,
  keep: text,
  against: text,
  key: text,
  days: text,
  out: text,
  inputs: text,
  admin: text,
  token: text,
  "data-dir": text,
};
