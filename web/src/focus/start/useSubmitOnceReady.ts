import { useEffect, useState, type FormEvent } from "react";

/** Submits at once, or as soon as what the form needs has loaded: an early press is kept. `waits` tells of one. */
export function useSubmitOnceReady(submit: (event?: FormEvent) => void, isReady: boolean) {
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    if (!waits || !isReady) return;
    setWaits(false);
    submit();
  }, [waits, isReady, submit]);
  return {
    waits,
    submit: (event: FormEvent) => {
      if (isReady) return submit(event);
      event.preventDefault();
      setWaits(true);
    },
  };
}
