/**
 * Notes that several people write. The page keeps the text that its own is made from, and sends both; the server merges
 * and answers with what both came to. Pure.
 */
export type NotesState = {
  /** What the server has, as far as this page's text is made from it. */
  base: string;
  text: string;
  /** What is on its way, or null. */
  sent: string | null;
};

export const startNotes = (text: string): NotesState => ({ base: text, text, sent: null });

export const isChanged = ({ base, text, sent }: NotesState): boolean => text !== (sent ?? base);

export const edited = (state: NotesState, text: string): NotesState => ({ ...state, text });

export const sending = (state: NotesState): NotesState => ({ ...state, sent: state.text });

/** The server has `merged`. What was typed meanwhile is a change of what was sent, and goes out next. */
export function answered({ text, sent }: NotesState, merged: string): NotesState {
  if (sent === null || text === sent) return startNotes(merged);
  return { base: sent, text, sent: null };
}

/** The change did not arrive; it is part of the next. */
export const failed = (state: NotesState): NotesState => ({ ...state, sent: null });

/** Others have changed the notes. While own changes are not merged, they wait for the answer. */
export const arrived = (state: NotesState, text: string): NotesState =>
  state.sent === null && state.text === state.base ? startNotes(text) : state;

/** Where the caret stands after `before` became `after` around it. */
export function moveCaret(before: string, after: string, caret: number): number {
  let prefix = 0;
  while (prefix < Math.min(before.length, after.length) && before[prefix] === after[prefix]) prefix++;
  if (caret <= prefix) return caret;
  let suffix = 0;
  while (
    suffix < Math.min(before.length, after.length) - prefix &&
    before[before.length - 1 - suffix] === after[after.length - 1 - suffix]
  )
    suffix++;
  const fromEnd = before.length - caret;
  return fromEnd <= suffix ? after.length - fromEnd : Math.min(prefix, after.length);
}
