/**
 * An interval map: half-open intervals of text keys in a treap ordered by start, each node with the largest end below
 * it.
 */

/** One distinct interval and the tokens registered for it; `end` null reaches to the end of all keys. */
export interface IntervalNode<Token> {
  readonly start: string;
  readonly end: string | null;
  readonly tokens: Set<Token>;
  /** Heap order; random, so that the treap stays shallow whatever order intervals come in. */
  readonly priority: number;
  left: IntervalNode<Token> | null;
  right: IntervalNode<Token> | null;
  parent: IntervalNode<Token> | null;
  /** The largest end in this subtree; null when one reaches to the end. */
  maxEnd: string | null;
}

/**
 * Intervals without tokens that stay in the treap, because a query that runs again mostly reads what it read before.
 */
const MAX_UNUSED = 4_096;

/**
 * Adding and finding are logarithmic (plus what is found); an interval that was there a moment ago comes back, and one
 * goes, in constant time.
 */
export class IntervalMap<Token> {
  #root: IntervalNode<Token> | null = null;
  readonly #nodes = new Map<string, IntervalNode<Token>>();
  /** Oldest first. */
  readonly #unused = new Set<IntervalNode<Token>>();

  /** Whether no interval has a token. */
  get empty(): boolean {
    return this.#nodes.size === this.#unused.size;
  }

  /** The node to hand to `remove`. Adding a token to an interval twice is adding it once. */
  add(start: string, end: string | null, token: Token): IntervalNode<Token> {
    const name = makeName(start, end);
    let node = this.#nodes.get(name);
    if (!node) this.#nodes.set(name, (node = this.#insert(start, end)));
    else if (node.tokens.size === 0) this.#unused.delete(node);
    node.tokens.add(token);
    return node;
  }

  remove(node: IntervalNode<Token>, token: Token): void {
    if (!node.tokens.delete(token) || node.tokens.size > 0) return;
    this.#unused.add(node);
    if (this.#unused.size <= MAX_UNUSED) return;
    for (const oldest of this.#unused) {
      this.#unused.delete(oldest);
      this.#nodes.delete(makeName(oldest.start, oldest.end));
      this.#unlink(oldest);
      return;
    }
  }

  /** Adds to `found` the tokens of all intervals that contain `key`. */
  findAt(key: string, found: Set<Token>): void {
    collectTokens(this.#root, key, found);
  }

  /** Adds all tokens to `found`. */
  all(found: Set<Token>): void {
    for (const { tokens } of this.#nodes.values()) for (const token of tokens) found.add(token);
  }

  /** Inserts the node of a new interval. */
  #insert(start: string, end: string | null): IntervalNode<Token> {
    let parent: IntervalNode<Token> | null = null;
    let isLeft = false;
    for (let node = this.#root; node; node = isLeft ? node.left : node.right) {
      isLeft = start < node.start;
      parent = node;
    }
    const added: IntervalNode<Token> = {
      start,
      end,
      tokens: new Set(),
      priority: Math.random(),
      left: null,
      right: null,
      parent,
      maxEnd: end,
    };
    if (!parent) this.#root = added;
    else if (isLeft) parent.left = added;
    else parent.right = added;
    for (let node = parent; node && isFurther(end, node.maxEnd); node = node.parent) node.maxEnd = end;
    while (added.parent && added.parent.priority < added.priority) this.#raise(added);
    return added;
  }

  #unlink(node: IntervalNode<Token>): void {
    // Sinks until one side is free, then its other side takes its place.
    while (node.left && node.right) this.#raise(node.left.priority > node.right.priority ? node.left : node.right);
    const below = node.left ?? node.right;
    const { parent } = node;
    if (below) below.parent = parent;
    if (!parent) this.#root = below;
    else if (parent.left === node) parent.left = below;
    else parent.right = below;
    for (let above = parent; above; above = above.parent) {
      const before = above.maxEnd;
      updateMaxEnd(above);
      // Ends further up can only have come through here.
      if (above.maxEnd === before) break;
    }
  }

  /** Rotates a node above its parent. */
  #raise(node: IntervalNode<Token>): void {
    const parent = node.parent!;
    const above = parent.parent;
    if (parent.left === node) {
      parent.left = node.right;
      if (node.right) node.right.parent = parent;
      node.right = parent;
    } else {
      parent.right = node.left;
      if (node.left) node.left.parent = parent;
      node.left = parent;
    }
    parent.parent = node;
    node.parent = above;
    if (!above) this.#root = node;
    else if (above.left === parent) above.left = node;
    else above.right = node;
    node.maxEnd = parent.maxEnd;
    updateMaxEnd(parent);
  }
}

/** The start's length says where the end begins. */
const makeName = (start: string, end: string | null): string =>
  `${start.length}${end === null ? "+" : "-"}${start}${end ?? ""}`;

const isFurther = (end: string | null, than: string | null): boolean => than !== null && (end === null || end > than);

function updateMaxEnd<Token>(node: IntervalNode<Token>): void {
  let { end } = node;
  if (node.left && isFurther(node.left.maxEnd, end)) end = node.left.maxEnd;
  if (node.right && isFurther(node.right.maxEnd, end)) end = node.right.maxEnd;
  node.maxEnd = end;
}

function collectTokens<Token>(from: IntervalNode<Token> | null, key: string, found: Set<Token>): void {
  for (let node = from; node && (node.maxEnd === null || node.maxEnd > key); node = node.right) {
    if (node.left) collectTokens(node.left, key, found);
    if (node.start > key) return;
    if (node.end === null || node.end > key) for (const token of node.tokens) found.add(token);
  }
}
