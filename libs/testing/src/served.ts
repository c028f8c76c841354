import type { Bus } from "@countersign/bus/bus";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import type * as z from "zod";

/**
 * What a service answers on the subjects that nobody may ask yet: the server lets no user there, so that a test asks the
 * handler itself. Both messages are parsed as the bus does it.
 */
export class Served {
  readonly #handlers = new Map<string, (body: unknown, call: object) => Promise<unknown>>();

  /** To be made before the service serves on this bus. */
  constructor(bus: Bus) {
    const serve = bus.serve.bind(bus);
    bus.serve = (rpc, handler, options) => {
      this.#handlers.set(rpc.subject, handler as never);
      serve(rpc, handler, options);
    };
  }

  async ask<R extends Rpc>(rpc: R, body: z.input<R["request"]>): Promise<z.output<R["reply"]>> {
    const handler = this.#handlers.get(rpc.subject);
    if (handler === undefined) throw new Error(`${rpc.subject} is not served`);
    if (rpc.callers.length > 0) throw new Error(`${rpc.subject} has a caller: ask as that one`);
    const reply = await handler(rpc.request.parse(body), { params: {}, correlationId: "" });
    return rpc.reply.parse(reply) as z.output<R["reply"]>;
  }
}
