/** How many rows a page gets when a client asks for `numItems`, which may be any number at all: from 1 to `max`. */
export const pageSize = (numItems: number, max: number): number =>
  Math.min(max, Math.max(1, Math.floor(numItems) || 1));
