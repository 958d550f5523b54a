/**
 * Finds the item of a rank in sorted lists that are counted in blocks, as in an order-statistics list: whole blocks are
 * skipped, not their items. Which rows hold the blocks is the domain's own affair.
 */

/** Items of one list from `from` until before `until`; where a list has several blocks, they follow one another. */
export type Block<List> = { list: List; from: number; until: number; count: number };

export type Start<List> = {
  /** For each list, where reading begins: before this. Lists without an entry are read from their beginning. */
  before: Map<List, number>;
  /**
   * The number of items, of all lists together and in descending order, that still come before the one that is wanted.
   */
  skip: number;
};

/**
 * Where to begin for the item of rank `rank` (from 0, in descending order, all lists together). At most about a block
 * of items is left to skip in each list.
 */
export function seekRank<List>(blocks: readonly Block<List>[], rank: number): Start<List> {
  const byEnd = [...blocks].sort((a, b) => b.until - a.until);
  const byBeginning = [...blocks].sort((a, b) => b.from - a.from);
  const before = new Map<List, number>();
  let skipped = 0;
  // The number of items that may come before the end of the block at hand, counting whole blocks.
  let atMost = 0;
  let next = 0;
  for (const block of byBeginning) {
    for (; next < byEnd.length && byEnd[next]!.until > block.from; next++) atMost += byEnd[next]!.count;
    if (atMost > rank) break;
    before.set(block.list, block.from);
    skipped += block.count;
  }
  return { before, skip: rank - skipped };
}

/** Takes blocks of one list, in descending order, until they hold more than `rank` items. */
export async function takeBlocks<List>(
  list: List,
  blocks: AsyncIterable<{ from: number; count: number }>,
  rank: number,
): Promise<Block<List>[]> {
  const taken: Block<List>[] = [];
  let sum = 0;
  for await (const { from, count } of blocks) {
    taken.push({ list, from, until: taken.at(-1)?.from ?? Infinity, count });
    sum += count;
    if (sum > rank) break;
  }
  return taken;
}
