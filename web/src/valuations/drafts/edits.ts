/**
 * Edits of a draft that the server does not have yet. Each remembers what its field held when the edit began, so that a
 * change made elsewhere meanwhile is noticed field by field: of different fields both stand, of one field the user chooses.
 */
export type Form = Record<string, unknown>;
/**
 * `value` and `base` are null where the field is or was absent. A `wrong` edit holds the text that was typed, which is no value
 * of its field: it is kept as other edits are, but is never sent nor shown as an answer.
 */
export type Edit = { value: unknown; base: unknown; wrong?: true };
export type Edits = Readonly<Record<string, Edit>>;

/** A field's value, null where it is absent. Fields may be called anything, "constructor" too. */
export const held = (form: Form, name: string): unknown => (Object.hasOwn(form, name) ? form[name] : null);

/** Equal as JSON, whatever the order of keys. */
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

/** The edits after the user gave a field a value. Going back to what it was is no edit. */
export const edited = (edits: Edits, server: Form, name: string, value: unknown): Edits =>
  rebased({ ...edits, [name]: { value, base: baseOf(edits, server, name) } }, server);

/** The edits after the user typed what is no value of the field. */
export const mistyped = (edits: Edits, server: Form, name: string, text: string): Edits =>
  rebased({ ...edits, [name]: { value: text, base: baseOf(edits, server, name), wrong: true } }, server);

/** The text of a field where it cannot be saved, else null. */
export function wrongText(edits: Edits, name: string): string | null {
  const edit = Object.hasOwn(edits, name) ? edits[name] : undefined;
  return edit?.wrong ? String(edit.value) : null;
}

/** The edits that are values, which is what can be sent and shown as answers. */
const rightOf = (edits: Edits): Edits => filtered(edits, ({ wrong }) => !wrong);

/** How many edits cannot be saved as they are. */
export const wrongCount = (edits: Edits): number => Object.keys(edits).length - Object.keys(rightOf(edits)).length;

/** The edits that still differ from what the server has. */
export const rebased = (edits: Edits, server: Form): Edits =>
  filtered(edits, ({ value, wrong }, name) => wrong === true || !sameJson(value, held(server, name)));

/** Fields that were changed here and elsewhere to different values. What is typed wrong is no value yet. */
export const conflictsOf = (edits: Edits, server: Form): string[] =>
  Object.entries(rightOf(edits))
    .filter(([name, { value, base }]) => !sameJson(held(server, name), base) && !sameJson(held(server, name), value))
    .map(([name]) => name);

/** What may be sent: the values in no conflict, as a merge patch; null removes. */
export function patchOf(edits: Edits, server: Form): Form {
  const conflicts = new Set(conflictsOf(edits, server));
  return Object.fromEntries(
    Object.entries(rightOf(edits)).flatMap(([name, { value }]) => (conflicts.has(name) ? [] : [[name, value]])),
  );
}

/** After `patch` was saved: what it held is no edit any more; a field typed on since then goes on from what was saved. */
export function settled(edits: Edits, patch: Form): Edits {
  return Object.fromEntries(
    Object.entries(edits).flatMap(([name, edit]) => {
      if (!Object.hasOwn(patch, name)) return [[name, edit]];
      return !edit.wrong && sameJson(edit.value, patch[name]) ? [] : [[name, { ...edit, base: patch[name] }]];
    }),
  );
}

/** What of a patch the server shows already. */
export const shownOf = (patch: Form, server: Form): Form =>
  Object.fromEntries(Object.entries(patch).filter(([name, value]) => sameJson(held(server, name), value)));

/** Settles a conflict for the value typed here. */
export const keepMine = (edits: Edits, server: Form, name: string): Edits => {
  const edit = Object.hasOwn(edits, name) ? edits[name] : undefined;
  return edit ? { ...edits, [name]: { ...edit, base: held(server, name) } } : edits;
};

/** Settles a conflict for the value from elsewhere. */
export const takeTheirs = (edits: Edits, name: string): Edits => filtered(edits, (_, other) => other !== name);

/** What the device keeps after one tab's edits went from `before` to `after`; those of other tabs stay, of the same field too. */
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

/** What the device keeps after `patch` was saved: all but what it held. */
export const keptAfter = (kept: Edits, patch: Form): Edits =>
  filtered(
    kept,
    ({ value, wrong }, name) => wrong === true || !Object.hasOwn(patch, name) || !sameJson(value, patch[name]),
  );

/** The form as the user sees it, but for what is typed wrong. */
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
 * The one word about where the edits stand.
 *
 * @param at.pending values that the server does not have
 * @param at.wrong texts that cannot be saved as they are
 * @param at.kept whether the device has them: null while it is writing, false where it cannot
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
