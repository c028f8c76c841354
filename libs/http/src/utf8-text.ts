const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The text of a body; undefined: it is not UTF-8, which JSON is whatever a header says of it (RFC 8259, section 8.1). */
export function utf8Text(bytes: ArrayBuffer | Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
