/**
 * Edits of a draft that the server does not have yet. Each stores its field's value from before the edit, so that
 * changes made elsewhere meanwhile are noticed field by field. Edits of different fields are merged; for the same field
 * the user chooses.
 */
export type Form = Record<string, unknown>;
/**
 * `value` and `base` are null where the field is or was absent. A `wrong` edit holds a typed text that is not a valid
 * value. It is stored like other edits, but never sent or shown as an answer.
 */
type Edit = { value: unknown; base: unknown; wrong?: true };
export type Edits = Readonly<Record<string, Edit>>;

/** A field's value, null where it is absent. Any name is allowed, "constructor" too. */
export const held = (form: Form, name: string): unknown => (Object.hasOwn(form, name) ? form[name] : null);

/** True for values that are equal as JSON, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return false;
  const [left, right] = [a as Form, b as Form];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}

const filtered = (edits: Edits, keep: (edit: Edit, name: string) => boolean): Edits =>
  Object.fromEntries(Object.entries(edits).filter(([name, edit]) => keep(edit, name)));

const baseOf = (edits: Edits, server: Form, name: string): unknown =>
  Object.hasOwn(edits, name) ? edits[name]?.base : held(server, name);

/** The edits after the user gave a field a value. A return to the earlier value is no edit. */
export const edited = (edits: Edits, server: Form, name: string, value: unknown): Edits =>
  keepDiffering({ ...edits, [name]: { value, base: baseOf(edits, server, name) } }, server);

/** The edits after the user typed a text that is not a valid value. */
export const mistyped = (edits: Edits, server: Form, name: string, text: string): Edits =>
  keepDiffering({ ...edits, [name]: { value: text, base: baseOf(edits, server, name), wrong: true } }, server);

/** The typed text of a field if it cannot be saved, else null. */
export function wrongText(edits: Edits, name: string): string | null {
  const edit = Object.hasOwn(edits, name) ? edits[name] : undefined;
  return edit?.wrong ? String(edit.value) : null;
}

/** The edits with valid values, which can be sent and shown as answers. */
const rightOf = (edits: Edits): Edits => filtered(edits, ({ wrong }) => !wrong);

/** The number of edits that cannot be saved. */
export const wrongCount = (edits: Edits): number => Object.keys(edits).length - Object.keys(rightOf(edits)).length;

/** The edits that still differ from what the server has. */
export const keepDiffering = (edits: Edits, server: Form): Edits =>
  filtered(edits, ({ value, wrong }, name) => wrong === true || !sameJson(value, held(server, name)));

/** The fields that were changed here and elsewhere to different values. Invalid texts do not count. */
export const conflictsOf = (edits: Edits, server: Form): string[] =>
  Object.entries(rightOf(edits))
    .filter(([name, { value, base }]) => !sameJson(held(server, name), base) && !sameJson(held(server, name), value))
    .map(([name]) => name);

/** The values that may be sent, as a merge patch: those without a conflict. Null removes. */
export function patchOf(edits: Edits, server: Form): Form {
  const conflicts = new Set(conflictsOf(edits, server));
  return Object.fromEntries(
    Object.entries(rightOf(edits)).flatMap(([name, { value }]) => (conflicts.has(name) ? [] : [[name, value]])),
  );
}

/**
 * The edits after `patch` was saved: its values are no edits anymore. A field typed on since then continues from the
 * saved value.
 */
export function settleSaved(edits: Edits, patch: Form): Edits {
  return Object.fromEntries(
    Object.entries(edits).flatMap(([name, edit]) => {
      if (!Object.hasOwn(patch, name)) return [[name, edit]];
      return !edit.wrong && sameJson(edit.value, patch[name]) ? [] : [[name, { ...edit, base: patch[name] }]];
    }),
  );
}

/** The part of a patch that the server already shows. */
export const shownOf = (patch: Form, server: Form): Form =>
  Object.fromEntries(Object.entries(patch).filter(([name, value]) => sameJson(held(server, name), value)));

/**
 * The edits that the server does not have. The live query may show values that are being saved before the mutation
 * answers, which is then no change from elsewhere.
 */
export const pendingOf = (typed: Edits, underway: Form, server: Form): Edits =>
  keepDiffering(settleSaved(typed, shownOf(underway, server)), server);

/** Resolves a conflict in favor of the value typed here. */
export const keepMine = (edits: Edits, server: Form, name: string): Edits => {
  const edit = Object.hasOwn(edits, name) ? edits[name] : undefined;
  return edit ? { ...edits, [name]: { ...edit, base: held(server, name) } } : edits;
};

/** Resolves a conflict in favor of the value from elsewhere. */
export const takeTheirs = (edits: Edits, name: string): Edits => filtered(edits, (_, other) => other !== name);

/**
 * The stored edits after one tab's edits went from `before` to `after`. Edits of other tabs stay, even of the same
 * field.
 */
export function keptBeside(kept: Edits, before: Edits, after: Edits): Edits {
  const changed = (name: string) => !sameJson(held(before, name), held(after, name));
  return {
    ...filtered(kept, (edit, name) => !changed(name) || !sameJson(edit, held(before, name))),
    ...filtered(after, (_, name) => changed(name)),
  };
}

/** The edits of these fields. */
export const only = (edits: Edits, names: readonly string[]): Edits =>
  filtered(edits, (_, name) => names.includes(name));

/** The stored edits after `patch` was saved: all but those it contained. */
export const keptAfter = (kept: Edits, patch: Form): Edits =>
  filtered(
    kept,
    ({ value, wrong }, name) => wrong === true || !Object.hasOwn(patch, name) || !sameJson(value, patch[name]),
  );

/** The form as the user sees it, without invalid texts. */
export function overlaid(server: Form, edits: Edits): Form {
  const form = new Map(Object.entries(server));
  for (const [name, { value }] of Object.entries(rightOf(edits))) {
    if (value === null) form.delete(name);
    else form.set(name, value);
  }
  return Object.fromEntries(form);
}

export type SaveState = "saved" | "saving" | "queued" | "unkept" | "conflict" | "failed" | "wrong";

/**
 * The saving state of the edits.
 *
 * @param at.pending number of values that the server does not have
 * @param at.wrong number of texts that cannot be saved
 * @param at.kept whether this device has stored them: null while it is writing, false where it cannot
 */
export function saveState(at: {
  conflicts: number;
  pending: number;
  wrong: number;
  sending: boolean;
  online: boolean;
  failed: boolean;
  kept: boolean | null;
}): SaveState {
  if (at.conflicts > 0) return "conflict";
  if (at.pending === 0 && !at.sending) return at.wrong > 0 ? "wrong" : "saved";
  if (!at.online) return at.kept === null ? "saving" : at.kept ? "queued" : "unkept";
  return at.failed ? "failed" : "saving";
}
