import { type Entry, type Group, type Section, writtenTerms } from "./entries";
import { type Token, tokenize } from "./tokens";

/** Two letters at the beginning of a word survive every stemming rule. */
const PREFIX_CHARS = 2;

type Pending = { written: string; group: Group };

/** The key under which the words of a term are found. */
export function toKey(tokens: readonly Token[], form: "word" | "stem"): string {
  return tokens.map((token) => token[form]).join(" ");
}

/**
 * Finds terms by their words or stems. Terms are sorted by their first letters at first use, and tokenized when a
 * name has a word with the same letters: the first name in a fresh isolate must not pay for all of them.
 */
export class TermIndex {
  private readonly sections: readonly Section[];
  private pending: Map<string, Pending[]> | undefined;
  private readonly longest = new Map<string, number>();
  private readonly byWords = new Map<string, Entry>();
  private readonly byStems = new Map<string, Entry>();

  constructor(sections: readonly Section[]) {
    this.sections = sections;
  }

  /** The longest term that begins with the first of these words, and how many of them it takes. */
  find(tokens: readonly Token[]): { entry: Entry; length: number } | undefined {
    const first = tokens[0];
    if (first === undefined) return undefined;
    for (let length = Math.min(this.longestWith(first.word), tokens.length); length > 0; length -= 1) {
      const span = tokens.slice(0, length);
      const entry = this.byWords.get(toKey(span, "word")) ?? this.byStems.get(toKey(span, "stem"));
      if (entry !== undefined) return { entry, length };
    }
    return undefined;
  }

  /** The number of words in the longest term that begins like this word; tokenizes the terms if that is not done. */
  private longestWith(word: string): number {
    const prefix = word.slice(0, PREFIX_CHARS);
    const known = this.longest.get(prefix);
    if (known !== undefined) return known;
    let longest = 0;
    for (const { written, group } of this.sorted().get(prefix) ?? []) {
      const exact = written.startsWith("=");
      const term = exact ? written.slice(1) : written;
      const tokens = tokenize(term);
      const entry = { term, exact, profile: group.profile() };
      this.byWords.set(toKey(tokens, "word"), entry);
      if (!exact) this.byStems.set(toKey(tokens, "stem"), entry);
      longest = Math.max(longest, tokens.length);
    }
    this.longest.set(prefix, longest);
    return longest;
  }

  private sorted(): Map<string, Pending[]> {
    if (this.pending !== undefined) return this.pending;
    this.pending = new Map();
    for (const section of this.sections) {
      for (const group of section.read()) {
        for (const written of writtenTerms(group)) {
          const from = written.startsWith("=") ? 1 : 0;
          const prefix = written.slice(from, from + PREFIX_CHARS);
          const pending = this.pending.get(prefix);
          if (pending === undefined) this.pending.set(prefix, [{ written, group }]);
          else pending.push({ written, group });
        }
      }
    }
    return this.pending;
  }
}
