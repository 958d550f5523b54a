import { useSyncExternalStore } from "react";

export type Toast = { id: number; text: string; action: ToastAction | null; durationMs: number };
type ToastAction = { label: string; onClick: () => void };

const DURATION_MS = 5_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Confirms the user's own action for a moment. All other changes are shown in place. */
export function toast(text: string, options: { action?: ToastAction; durationMs?: number } = {}): void {
  const { action = null, durationMs = DURATION_MS } = options;
  change([...toasts, { id: ++lastId, text, action, durationMs }]);
}

export const dismissToast = (id: number): void => change(toasts.filter((each) => each.id !== id));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useToasts = (): readonly Toast[] => useSyncExternalStore(subscribe, () => toasts);
