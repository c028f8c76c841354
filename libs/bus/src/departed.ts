/**
 * Resolves when what was handed to the bus in this turn is written to its socket. For work that may wait until then: as
 * long as a turn prepares the next message, the one before it does not leave.
 */
export function departed(): Promise<void> {
  return Promise.resolve();
}
