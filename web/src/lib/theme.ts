import { useSyncExternalStore } from "react";
import { recall, remember } from "./storage";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "theme";
const listeners = new Set<() => void>();
const systemDark = () => window.matchMedia("(prefers-color-scheme: dark)");

const choiceOf = (stored: string | null): ThemeChoice => (stored === "light" || stored === "dark" ? stored : "system");
let choice: ThemeChoice | null = null;
const current = (): ThemeChoice => (choice ??= choiceOf(recall(KEY)));

const isDark = () => current() === "dark" || (current() === "system" && systemDark().matches);

/** Sets the root class to the choice, now and whenever the system changes. Called once, before the first render. */
export function startTheme(): void {
  const show = () => {
    document.documentElement.classList.toggle("dark", isDark());
    for (const listener of listeners) listener();
  };
  show();
  systemDark().addEventListener("change", show);
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    choice = choiceOf(event.newValue);
    show();
  });
}

/** Stores the choice; "system" follows the system again. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  remember(KEY, next === "system" ? null : next);
  document.documentElement.classList.toggle("dark", isDark());
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The user's choice, and whether it is dark now. */
export function useTheme(): { choice: ThemeChoice; dark: boolean } {
  return { choice: useSyncExternalStore(subscribe, current), dark: useSyncExternalStore(subscribe, isDark) };
}
