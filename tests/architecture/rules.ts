import { codeOnly, importsOf, isProduction, type SourceFile } from "./source-files.ts";

/** A rule looks at one file and says what is wrong with it, in words that tell how to mend it. */
export type FileRule = (file: SourceFile) => string[];

const layerOf = (path: string) => path.split("/")[0] ?? "";
const packageOf = (path: string) => path.split("/").slice(0, 2).join("/");

/** services -> libs -> contracts -> zod; a service never imports a service; only libs/bus speaks to the NATS client. */
export const importsPointDown: FileRule = ({ path, text }) => {
  if (!isProduction(path)) return [];
  const layer = layerOf(path);
  return importsOf(text).flatMap((name) => {
    const say = (why: string) => [`${path} imports ${name}: ${why}`];
    if (name.startsWith("@nats-io/") && packageOf(path) !== "libs/bus") return say("only libs/bus may");
    if (name.startsWith("."))
      return name.split("/").filter((part) => part === "..").length > 4 ? say("leaves its package") : [];
    if (layer === "contracts" && path.startsWith("contracts/src/") && name !== "zod")
      return say("contracts import zod and nothing else");
    if (name === "@countersign/testing" || name.startsWith("@countersign/testing/")) return say("tests only");
    const ours = /^@countersign\/([a-z-]+)/.exec(name)?.[1];
    const services = [
      "approval",
      "audit-writer",
      "broker-gateway",
      "market-data",
      "mcp-edge",
      "admin-api",
      "risk-gate",
      "tws-simulator",
      "cli",
    ];
    if (ours !== undefined && services.includes(ours)) return say("nothing imports a service");
    return [];
  });
};

/** Arithmetic on an instant that is given; no clock is read. */
const CALENDAR_ARITHMETIC = ["services/tws-simulator/src/market/zoned-time.ts"];

/** Time and chance come in through Clock and through libs/ids. */
export const noRawClock: FileRule = ({ path, text }) => {
  if (!isProduction(path) || path.startsWith("libs/clock/") || CALENDAR_ARITHMETIC.includes(path)) return [];
  const banned = /\b(Date\.now\(|new Date\(|Math\.random\(|setTimeout\(|setInterval\(|performance\.now\()/g;
  const code = codeOnly(text).replace(/\.(setTimeout|setInterval)\(/g, ".clockTimer(");
  const named = importsOf(text).filter((name) => name === "node:timers" || name === "node:timers/promises");
  return [...[...code.matchAll(banned)].map((match) => match[1]), ...named].map(
    (what) => `${path} uses ${what}: take a Clock instead`,
  );
};

/** A subject stands in the table of contracts and nowhere else. */
export const noSubjectStrings: FileRule = ({ path, text }) => {
  if (!isProduction(path) || path.startsWith("contracts/") || path.startsWith("libs/bus/")) return [];
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");
  const found = code.match(/["'`](rpc|exec|order|audit|ops|hb|live)\.v1\.|["'`]\$(KV|JS)\./g) ?? [];
  return found.map((subject) => `${path} names the subject ${subject}…: take it from @countersign/contracts/subjects`);
};

/** The exports map is the barrel. */
export const noBarrels: FileRule = ({ path, text }) => {
  if (!/^(contracts|libs|services|deploy|tests|bench)\/.*\.ts$/.test(path)) return [];
  const code = codeOnly(text);
  const wrong: string[] = [];
  if (/^export \*/m.test(code)) wrong.push(`${path} has export *: import the file you mean`);
  if (/^export default/m.test(code) && !path.endsWith(".config.ts"))
    wrong.push(`${path} has a default export: name it`);
  return wrong;
};

/** The index of the client library brings rxjs, which every start of the gateway would read for nothing. */
export const libraryInParts: FileRule = ({ path, text }) => {
  if (!isProduction(path)) return [];
  const code = text.replace(/\bimport type [^;]*;/g, "");
  return importsOf(code).includes("@stoqey/ib") ? [`${path} imports @stoqey/ib: take values from its files`] : [];
};

export const LINES_PER_FILE_MAX = 300;

/** Beyond this a file is two; functions are counted by Biome. Exceptions carry their reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  "contracts/src/ib-codes.ts": "the one table of the codes of TWS: one row after the other",
};

export const sizes: FileRule = ({ path, text }) => {
  if (!path.endsWith(".ts") || path.endsWith(".d.ts") || path in EXCEPTIONS) return [];
  const lines = text.split("\n");
  return lines.length - 1 > LINES_PER_FILE_MAX
    ? [`${path} has ${lines.length - 1} lines; at most ${LINES_PER_FILE_MAX}`]
    : [];
};

/** Nothing that only makes sense on one machine or in one workplace. */
export const noMachinePaths: FileRule = ({ path, text }) => {
  if (path === "package-lock.json" || path.startsWith("tests/architecture/")) return [];
  const found = text.match(/(?<![\w.])\/(root|home\/[a-z]+|work)\/[\w.-]*|\.\.\/shared/g) ?? [];
  return found.map((what) => `${path} names ${what}`);
};
