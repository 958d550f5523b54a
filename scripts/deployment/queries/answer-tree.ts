/**
 * Runs of one query, found by how the queries that it called were answered. A query is deterministic: its first call is
 * always the same, and each later one follows from the answers before it. So its runs form a tree of calls and answers,
 * and whoever is answered as an earlier run was comes to where that run ended.
 */
import { type Callee, isSameCallee } from "./callee";

interface Called {
  query: Callee;
  value: string;
}

interface Branch<Run> {
  /** The call that follows here. */
  readonly query: Callee;
  /** Where its answers lead, by their values. */
  readonly next: Map<string, Branch<Run> | End<Run>>;
}

interface End<Run> {
  readonly run: Run;
}

export class AnswerTree<Run> {
  #root: Branch<Run> | null = null;

  /**
   * @param calls at least one
   * @returns a function that takes the run out again
   */
  add(calls: readonly Called[], run: Run): () => void {
    const end: End<Run> = { run };
    const path: [Branch<Run>, string][] = [];
    let branch = (this.#root = keepIfSame(this.#root, calls[0]!.query));
    for (const [at, { value }] of calls.entries()) {
      path.push([branch, value]);
      const following = calls[at + 1];
      if (!following) branch.next.set(value, end);
      else {
        const before = branch.next.get(value);
        const next = keepIfSame(before && "next" in before ? before : null, following.query);
        branch.next.set(value, next);
        branch = next;
      }
    }
    return () => this.#remove(path, end);
  }

  /**
   * The run whose calls are all answered as `answer` does, with those answers; null when there is none.
   *
   * @param answer null for a call that has no answer which holds by itself
   */
  find<Found extends { value: string }>(
    answer: (query: Callee) => Found | null,
  ): { run: Run; answers: Found[] } | null {
    const answers: Found[] = [];
    for (let branch = this.#root; branch;) {
      const given = answer(branch.query);
      if (!given) return null;
      answers.push(given);
      const next = branch.next.get(given.value);
      if (!next) return null;
      if ("run" in next) return { run: next.run, answers };
      branch = next;
    }
    return null;
  }

  #remove(path: [Branch<Run>, string][], end: End<Run>): void {
    let removed: Branch<Run> | End<Run> = end;
    for (const [branch, value] of path.reverse()) {
      // Another run may have taken the place.
      if (branch.next.get(value) !== removed) return;
      branch.next.delete(value);
      if (branch.next.size > 0) return;
      removed = branch;
    }
    if (this.#root === removed) this.#root = null;
  }
}

/** Another call in the same place shows that the runs before it are out of date. */
const keepIfSame = <Run>(branch: Branch<Run> | null, query: Callee): Branch<Run> =>
  branch && isSameCallee(branch.query, query) ? branch : { query, next: new Map() };
