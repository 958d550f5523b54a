/** What an operator can set right (a port, a folder); the message is one line. */
export class StoreError extends Error {}
