import {
  isInitializeRequest,
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/** The SDK's server, but for a malformed handshake: that is the client's error (-32602) and not an internal one. */
export class EdgeServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    if (method !== "initialize") return wrapped;
    return async (request, context) => {
      if (isInitializeRequest(request)) return wrapped(request, context);
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid params for initialize");
    };
  }
}
