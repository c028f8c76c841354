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
    if (method === "tools/call") return (request, context) => wrapped(withEveryKey(request), context);
    if (method !== "initialize") return wrapped;
    return async (request, context) => {
      if (isInitializeRequest(request)) return wrapped(request, context);
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid params for initialize");
    };
  }
}

const PROTO = "__proto__";

/** The SDK's parser drops an argument of this name before anybody could refuse it: it goes on under a name that stays. */
function withEveryKey(request: JSONRPCRequest): JSONRPCRequest {
  const args = request.params?.arguments;
  if (typeof args !== "object" || args === null || Array.isArray(args) || !Object.hasOwn(args, PROTO)) return request;
  const kept = Object.entries(args).map(([key, value]) => [key === PROTO ? `${PROTO} (own key)` : key, value]);
  return { ...request, params: { ...request.params, arguments: Object.fromEntries(kept) } };
}
