/**
 * Input methods, by which East Asian scripts are typed: while one composes a text, Escape cancels that text. Dialogs
 * and lists listen at the document and would close.
 */

/** The code of keys that an input method takes. Safari ends a composition before it tells of its last key. */
const TAKEN = 229;

/** Keeps an Escape of an input method from everything on the page, for the life of the document. */
export function keepComposition(target: EventTarget = window): void {
  target.addEventListener(
    "keydown",
    (event) => {
      const { key, isComposing, keyCode } = event as KeyboardEvent;
      if (key === "Escape" && (isComposing || keyCode === TAKEN)) event.stopImmediatePropagation();
    },
    // Before all listeners of the document.
    { capture: true },
  );
}
