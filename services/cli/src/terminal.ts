import { createInterface } from "node:readline/promises";

/** Controls, invisible marks and line separators: what moves a cursor, sets a title, or turns the order of letters around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside may carry terminal sequences; none reaches the terminal. */
export function plain(text: string): string {
  return text.replace(UNSEEN, " ");
}

/** Text of our own lines, whatever stands in them. */
export const plainLines = (text: string) => text.split("\n").map(plain).join("\n");

/** JSON of the same value, in which what a terminal would obey is escaped; line ends between its parts stay. */
export function plainJson(json: string): string {
  return json.replace(UNSEEN, (found) => (found === "\n" ? found : escaped(found)));
}

function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}

export const print = (text: string) => void process.stdout.write(`${plainLines(text)}\n`);
export const printJson = (value: unknown, indent = 0) =>
  void process.stdout.write(`${plainJson(JSON.stringify(value, null, indent))}\n`);
/** Beside the answer: errors, and what a script must not take for it. */
export const warn = (text: string) => void process.stderr.write(`${plainLines(text)}\n`);

/** What a person types as an answer; undefined: Ctrl-C, Ctrl-D, or a terminal that is gone, which is an answer too. */
export async function typedAnswer(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  const terminal = createInterface({ input, output });
  const closed = new Promise<undefined>((resolve) => terminal.once("close", () => resolve(undefined)));
  try {
    return await Promise.race([terminal.question(question).catch(() => undefined), closed]);
  } finally {
    terminal.close();
  }
}
