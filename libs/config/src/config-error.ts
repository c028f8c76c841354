/** The configuration is missing, unreadable, or says something that nobody reads. The process does not start. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
}

/** The configuration holds; who starts the process with it has shown a token of nobody. */
export class CredentialError extends ConfigError {
  override readonly name = "CredentialError";
}
