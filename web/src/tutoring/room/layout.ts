/** Who sends, how large pictures are, and how they are laid out. */

/** In a mesh everybody sends to everybody, so a home connection bears no more senders. */
export const SENDERS_MAX = 6;

type Someone = { userId: number; isCreator: boolean; wantsToSend: boolean };

/** The people whose pictures and voices are sent: the creator, then who came first, of those who want to. */
export function pickSenders(people: readonly Someone[]): Set<number> {
  const wanting = people.filter(({ wantsToSend }) => wantsToSend);
  const first = [...wanting.filter(({ isCreator }) => isCreator), ...wanting.filter(({ isCreator }) => !isCreator)];
  return new Set(first.slice(0, SENDERS_MAX).map(({ userId }) => userId));
}

export type PictureSize = { width: number; height: number; frameRate: number; maxBitsPerSecond: number };

/**
 * The size of the picture that one sends to each other, and what it may take of the line: the more of them, the less,
 * so that all together stay near 2 Mbit/s, which home connections can send.
 */
export function pickPictureSize(people: number): PictureSize {
  if (people <= 2) return { width: 1_280, height: 720, frameRate: 30, maxBitsPerSecond: 2_000_000 };
  if (people <= 4) return { width: 640, height: 360, frameRate: 24, maxBitsPerSecond: 700_000 };
  return { width: 320, height: 180, frameRate: 15, maxBitsPerSecond: 250_000 };
}

/** Columns of the pictures: at a phone's width, on wide screens. */
export function pickColumns(tiles: number): { narrow: 1 | 2; wide: 1 | 2 | 3 | 4 } {
  const wide = tiles <= 1 ? 1 : tiles <= 4 ? 2 : tiles <= 9 ? 3 : 4;
  return { narrow: tiles <= 2 ? 1 : 2, wide };
}
