/** Names the line or entry that cannot be imported, and the reason. */
export class ImportError extends Error {}
