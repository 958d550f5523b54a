import { useState } from "react";

/** The last `value` there was for `key`, also when there is none any more; undefined before the first and after another key. */
export function useLastShown(key: string, value: string | undefined): string | undefined {
  const [last, setLast] = useState({ key, value });
  if (last.key !== key || (value !== undefined && last.value !== value)) setLast({ key, value });
  return last.key === key ? (value ?? last.value) : value;
}
