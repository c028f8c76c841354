import type { Logger } from "@countersign/log/logger";

/** What was opened, to be closed in reverse. One that fails is logged and does not keep the others from closing. */
export class Shutdown {
  readonly #steps: { name: string; run: () => unknown }[] = [];
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  defer(name: string, run: () => unknown): void {
    this.#steps.push({ name, run });
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step.run();
      } catch (error) {
        this.#logger.error({ step: step.name, error: String(error) }, "could not be closed");
      }
    }
  }
}
