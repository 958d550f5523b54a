import { scoreActivity, topDimension, totalOf, type Dimension } from "../index";
import { buildEntries } from "../entries";
import { LEXICON } from "../lexicon";
import { isHeldOut, LABELLED, type Label } from "./labels.testing";

export type Outcome = Label & { scored: Dimension; heldOut: boolean };

export type Agreement = { agreed: number; of: number };

export type Evaluation = {
  outcomes: Outcome[];
  development: Agreement;
  heldOut: Agreement;
  overall: Agreement;
  /** Largest total rate over smallest, over all labels and every term of the lexicon as a name. */
  totalRatio: number;
  /** Labelled names that are, word for word, a term of the lexicon. */
  namesInLexicon: string[];
};

/** The part of 1 that agreed. */
export function partOf({ agreed, of }: Agreement): number {
  return agreed / of;
}

function agreement(outcomes: Outcome[]): Agreement {
  return {
    agreed: outcomes.filter(({ dimension, scored }) => dimension === scored).length,
    of: outcomes.length,
  };
}

/** Scores every labelled activity by its name alone and compares top dimensions. */
export function evaluate(): Evaluation {
  const outcomes = LABELLED.map((label) => ({
    ...label,
    scored: topDimension(scoreActivity({ name: label.name }).rates),
    heldOut: isHeldOut(label),
  }));
  const names = [...LABELLED.map(({ name }) => name), ...buildEntries(LEXICON).map(({ term }) => term)];
  const totals = names.map((name) => totalOf(scoreActivity({ name }).rates));
  const terms = new Set(buildEntries(LEXICON).map(({ term }) => term));
  return {
    outcomes,
    development: agreement(outcomes.filter(({ heldOut }) => !heldOut)),
    heldOut: agreement(outcomes.filter(({ heldOut }) => heldOut)),
    overall: agreement(outcomes),
    totalRatio: Math.max(...totals) / Math.min(...totals),
    namesInLexicon: LABELLED.map(({ name }) => name).filter((name) => terms.has(name.toLowerCase())),
  };
}
