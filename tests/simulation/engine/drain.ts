/** What the event loop itself calls between two of its callbacks. */
const { _tickCallback: betweenCallbacks } = process as unknown as { readonly _tickCallback: () => void };

/**
 * Lets every promise that can go on go on, and returns when none can. A turn of the event loop does the same at ten times
 * the price. It has no effect inside a promise's own callback, so it must be called in one of the event loop: `inCallback`.
 */
export function drain(): void {
  betweenCallbacks.call(process);
}

/** Runs the task in a callback of the event loop of its own. */
export function inCallback<T>(task: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(task());
      } catch (error) {
        reject(error);
      }
    });
  });
}
