interface Selector {
  readonly message: string;
  readonly clientId?: number | undefined;
  readonly orderId?: number | undefined;
  readonly orderRef?: string | undefined;
}

export interface FramePoint {
  /** All names under which the frame can be meant. */
  readonly names: readonly string[];
  readonly clientId: number | undefined;
  readonly orderId: number | undefined;
  readonly orderRef: string | undefined;
}

/** True when a rule means this frame. What a rule does not name fits everything. */
export function meansFrame(rule: Selector, point: FramePoint): boolean {
  return (
    (rule.message === "*" || point.names.includes(rule.message)) &&
    meansClient(rule, point.clientId) &&
    (rule.orderId === undefined || rule.orderId === point.orderId) &&
    (rule.orderRef === undefined || rule.orderRef === point.orderRef)
  );
}

export function meansClient(rule: { readonly clientId?: number | undefined }, clientId: number | undefined): boolean {
  return rule.clientId === undefined || rule.clientId === clientId;
}
