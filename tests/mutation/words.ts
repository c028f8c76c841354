/** The parts of Babel's tree that are looked at. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly callee?: Node;
  readonly property?: Node;
  readonly key?: Node;
  readonly id?: Node;
}
interface Path {
  readonly node: Node;
  readonly key?: unknown;
  readonly parent?: Node;
  readonly listKey?: unknown;
}

/** Which argument of a call is a sentence for people; the one before it decides. */
const SAYS: Readonly<Record<string, number>> = {
  ...{ describe: 0, invalid: 0, disputed: 0, refused: 0, holds: 0, fail: 0, missing: 0 },
  ...{ denied: 1, no: 1, pass: 1, refine: 1 },
  ...{ deny: 2, confirm: 2 },
};
/** Fields that are one; those of a rule stand in `docs/generated/rules.md`. */
const FIELDS = new Set(["text", "message", "missing", "description", "formula", "source"]);

/**
 * Leaves sentences for people as they are: no decision hangs on them, and a test of their exact words would prove nothing.
 * Codes, states and everything that is compared stay open to mutation.
 */
export function isSentence({ node, key, parent, listKey }: Path): boolean {
  if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return false;
  if (parent?.type === "ObjectProperty") return key === "value" && FIELDS.has(parent.key?.name ?? "");
  if (parent?.type === "VariableDeclarator") return key === "init" && parent.id?.name === "message";
  if (parent?.type !== "CallExpression" || listKey !== "arguments") return false;
  return key === SAYS[parent.callee?.name ?? parent.callee?.property?.name ?? ""];
}

/** Found by Stryker under this name when it loads the file as a plugin. */
export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "words",
    value: { shouldIgnore: (path: Path) => (isSentence(path) ? "a sentence for people" : undefined) },
  },
];
