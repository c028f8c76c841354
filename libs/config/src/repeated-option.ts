/** What `parseArgs` of Node tells with `tokens: true`. */
interface Token {
  readonly kind: string;
  readonly name?: string;
}

/**
 * The name of an option of a command line that is given twice; undefined: none is. Node takes the last one without a word,
 * and whoever wrote `--account` before it meant something else.
 */
export function repeatedOption(tokens: readonly Token[], many: readonly string[] = []): string | undefined {
  const seen = new Set<string>();
  for (const { kind, name = "" } of tokens) {
    if (kind !== "option" || many.includes(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}
