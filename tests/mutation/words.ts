/** The parts of Babel's tree that are looked at. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly callee?: Node;
  readonly property?: Node;
  readonly key?: Node;
}
interface Path {
  readonly node: Node;
  readonly key?: unknown;
  readonly parent?: Node;
  readonly listKey?: unknown;
}

/** Whose second argument is a sentence for people; the first is the code that decides. */
const SAYS_SECOND = new Set(["denied", "no"]);
/** Whose first argument is one. */
const SAYS_FIRST = new Set(["describe", "invalid", "disputed", "refused"]);

/**
 * Leaves sentences for people as they are: no decision hangs on them, and a test of their exact words would prove nothing.
 * Codes, states and everything that is compared stay open to mutation.
 */
export function isSentence({ node, key, parent, listKey }: Path): boolean {
  if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return false;
  if (parent?.type === "ObjectProperty") return key === "value" && parent.key?.name === "text";
  if (parent?.type !== "CallExpression" || listKey !== "arguments") return false;
  const called = parent.callee?.name ?? parent.callee?.property?.name ?? "";
  return (key === 1 && SAYS_SECOND.has(called)) || (key === 0 && SAYS_FIRST.has(called));
}

/** Found by Stryker under this name when it loads the file as a plugin. */
export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "words",
    value: { shouldIgnore: (path: Path) => (isSentence(path) ? "a sentence for people" : undefined) },
  },
];
