import { t } from "@/messages/translate";

/** The event that opens the command palette. It is sent from several places, which need not know each other. */
const OPEN = "live-sessions:palette";

export const openPalette = (): void => void window.dispatchEvent(new Event(OPEN));

export function onPaletteAsked(ask: () => void): () => void {
  const keys = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    ask();
  };
  window.addEventListener(OPEN, ask);
  window.addEventListener("keydown", keys);
  return () => {
    window.removeEventListener(OPEN, ask);
    window.removeEventListener("keydown", keys);
  };
}

/** The event that opens the sheet of shortcuts. */
const SHORTCUTS = "live-sessions:shortcuts";

export const openShortcuts = (): void => void window.dispatchEvent(new Event(SHORTCUTS));

export function onShortcutsAsked(ask: () => void): () => void {
  window.addEventListener(SHORTCUTS, ask);
  return () => window.removeEventListener(SHORTCUTS, ask);
}

export const paletteKeys = (): string => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘ K" : t("shell.paletteKeys"));
