import { useState } from "react";

/**
 * The last defined `value` for `key`, kept when the value goes away. Undefined before the first one and after a change
 * of key.
 */
export function useLastShown(key: string, value: string | undefined): string | undefined {
  const [last, setLast] = useState({ key, value });
  if (last.key !== key || (value !== undefined && last.value !== value)) setLast({ key, value });
  return last.key === key ? (value ?? last.value) : value;
}
