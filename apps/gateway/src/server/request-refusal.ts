/** The statuses with which a request is refused before any provider is asked. */
export type RefusalStatus = 400 | 401 | 404 | 405 | 408 | 411 | 413 | 414 | 415 | 417 | 431 | 501 | 503;

/** A request that is not served, with the status and the words the client gets. Never carries a secret or a prompt. */
export class RequestRefusal extends Error {
  override readonly name: string = "RequestRefusal";
  readonly status: RefusalStatus;
  /** Stable and machine-readable, e.g. `request_too_large`. */
  readonly code: string;
  /** The offending parameter or header, where one can be named. */
  readonly parameter: string | undefined;

  constructor(status: RefusalStatus, code: string, message: string, parameter?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.parameter = parameter;
  }
}
