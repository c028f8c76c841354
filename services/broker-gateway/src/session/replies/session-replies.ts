import type { ReplyTable } from "./reply-table.ts";

export const SESSION_REPLIES: ReplyTable = {
  15: (reader) => {
    reader.version();
    const accounts = reader
      .raw()
      .split(",")
      .map((account) => account.trim());
    // Some versions end the list with a comma.
    return { kind: "accounts", accounts: accounts.filter((account) => account !== "") };
  },
  49: (reader) => {
    reader.version();
    return { kind: "currentTime", epochSeconds: reader.integer() };
  },
};
