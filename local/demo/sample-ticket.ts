/** A ticket that people file and approve, and the payloads of its system. Each step is left out where it was taken. */
export type SampleTicket = {
  source: string;
  /** `ServiceNow change` */
  kind: string;
  /** The ticket system's own term for an answer on a ticket. */
  answer: string;
  asks: string;
  requester: string;
  approver: string;
  /** Files it and asks for approval; answers its number. */
  submit(): Promise<string>;
  approve(id: string): Promise<void>;
  /** The payload that the ticket's system sends for it in its present state. */
  payload(id: string): Promise<unknown>;
};
