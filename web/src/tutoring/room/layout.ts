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

export type PictureSize = { width: number; height: number; frameRate: number };

/** The size of the picture that one sends to each other: the more of them, the smaller. */
export function pickPictureSize(people: number): PictureSize {
  if (people <= 2) return { width: 1_280, height: 720, frameRate: 30 };
  if (people <= 4) return { width: 640, height: 360, frameRate: 24 };
  return { width: 320, height: 180, frameRate: 15 };
}

/** Columns of the pictures: at a phone's width, on wide screens. */
export function pickColumns(tiles: number): { narrow: 1 | 2; wide: 1 | 2 | 3 | 4 } {
  const wide = tiles <= 1 ? 1 : tiles <= 4 ? 2 : tiles <= 9 ? 3 : 4;
  return { narrow: tiles <= 2 ? 1 : 2, wide };
}
