/** The number of rows of a page, from 1 to `max`, when a client asks for `numItems`, which may be any number at all. */
export const pageSize = (numItems: number, max: number): number =>
  Math.min(max, Math.max(1, Math.floor(numItems) || 1));
