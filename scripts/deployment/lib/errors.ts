/** An answer other than success: `code` is for programs, `message` for people. Sent as `{code,message}`. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Errors a function may see: `message` reaches the sandbox as an Error thrown from the syscall. */
export class FunctionError extends Error {}
