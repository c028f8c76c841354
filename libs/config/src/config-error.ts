/** The configuration is missing, unreadable, or says something that nobody reads. The process does not start. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
