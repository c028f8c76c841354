/** One element; attributes keep their order, and an empty one is written, as in the statements of IB. */
export interface Xml {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Elements, or the text of one that has none. */
  readonly content?: readonly Xml[] | string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A space in place of what no XML document may contain. */
function escaped(text: string): string {
  const plain = [...text.toWellFormed()].map((character) => (isAllowed(character) ? character : " "));
  return plain.join("").replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function isAllowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x20 && code !== 0xfffe && code !== 0xffff;
}

export function xmlText({ name, attributes = {}, content = [] }: Xml): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const head = `<${name}${written.join("")}`;
  if (typeof content === "string") return `${head}>${escaped(content)}</${name}>\n`;
  return content.length === 0 ? `${head} />\n` : `${head}>\n${content.map(xmlText).join("")}</${name}>\n`;
}
