/** A ticket that people file and approve, and how its system tells of it. Each step is left out where it was taken. */
export type SampleTicket = {
  source: string;
  /** `ServiceNow change` */
  kind: string;
  /** What its system calls an answer on it. */
  answer: string;
  asks: string;
  requester: string;
  approver: string;
  /** Files it and asks for approval; answers its number. */
  submit(): Promise<string>;
  approve(id: string): Promise<void>;
  /** What its system sends of it as it stands. */
  payload(id: string): Promise<unknown>;
};
