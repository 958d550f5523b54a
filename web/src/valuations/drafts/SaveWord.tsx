import type { SaveState } from "./edits";

const WORDS: Record<SaveState, string> = {
  saved: "Saved",
  saving: "Saving",
  queued: "Offline, queued on this device",
  unkept: "Offline, kept only while this page is open",
  conflict: "Conflict: choose below",
  failed: "Not saved, trying again",
  wrong: "Not all is saved: correct what is marked",
};

/** Where the user's edits stand, beside the title; never blocks anything. */
export function SaveWord({ state }: { state: SaveState }) {
  const serious = state === "conflict" || state === "failed" || state === "unkept" || state === "wrong";
  return (
    <span role="status" className={serious ? "text-warning" : undefined}>
      {WORDS[state]}
    </span>
  );
}
