/**
 * Values that the server refused for good, such as a text for which a report has no room. One of them must not hold up
 * the others, so a refused patch is sent again field by field until the culprit is known.
 */
import { sameJson, type Form } from "./edits";

type Refusal = { value: unknown; revision: number; reason: string };

export type Refusals = Readonly<{
  /** The refusals by field. One holds for that value on that revision of the draft; another may have room for it. */
  fields: Readonly<Record<string, Refusal>>;
  /** True after several fields were refused together: it is not known yet for which of them. */
  oneByOne: boolean;
}>;

export const NO_REFUSALS: Refusals = { fields: {}, oneByOne: false };

/** The refusals after `patch` was refused too. */
export function addRefusal(refusals: Refusals, patch: Form, { revision, reason }: Omit<Refusal, "value">): Refusals {
  const [first, ...others] = Object.entries(patch);
  if (!first || others.length > 0) return { ...refusals, oneByOne: true };
  const [name, value] = first;
  return { ...refusals, fields: { ...refusals.fields, [name]: { value, revision, reason } } };
}

/** The refusal of a field's value, or null. */
function findRefusal({ fields }: Refusals, name: string, value: unknown): Refusal | null {
  const refusal = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return refusal && sameJson(refusal.value, value) ? refusal : null;
}

/** The reasons by field why values of `patch` were refused. */
export const reasonsOf = (refusals: Refusals, patch: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(patch).flatMap(([name, value]) => {
      const refusal = findRefusal(refusals, name, value);
      return refusal ? [[name, refusal.reason]] : [];
    }),
  );

/** The part of a patch that can succeed on a revision of the draft, those fields first that were never refused. */
export function dueOf(patch: Form, refusals: Refusals, revision: number): Form {
  const wasRefused = ([name, value]: [string, unknown]) => findRefusal(refusals, name, value) !== null;
  const due = Object.entries(patch)
    .filter(([name, value]) => findRefusal(refusals, name, value)?.revision !== revision)
    .sort((a, b) => Number(wasRefused(a)) - Number(wasRefused(b)));
  return Object.fromEntries(refusals.oneByOne ? due.slice(0, 1) : due);
}
