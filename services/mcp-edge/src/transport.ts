/** How a client reaches the edge: what to tell about it when it is open, and how to close it. */
export interface Transport {
  readonly ready: object;
  close(): Promise<void>;
}
