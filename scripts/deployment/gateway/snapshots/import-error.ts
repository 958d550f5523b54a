/** Why something cannot be imported; names the line or entry. */
export class ImportError extends Error {}
