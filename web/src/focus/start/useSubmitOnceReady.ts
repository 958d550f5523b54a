import { useEffect, useState, type FormEvent } from "react";

/** Submits at once, or as soon as what the form needs has loaded: an early press is kept. `waits` tells of one. */
export function useSubmitOnceReady(submit: (event?: FormEvent) => void, isReady: boolean) {
  const [pressed, setPressed] = useState(false);
  useEffect(() => {
    if (!pressed || !isReady) return;
    const timer = setTimeout(() => {
      setPressed(false);
      submit();
    });
    return () => clearTimeout(timer);
  }, [pressed, isReady, submit]);
  return {
    waits: pressed,
    submit: (event: FormEvent) => {
      if (isReady) return submit(event);
      event.preventDefault();
      setPressed(true);
    },
  };
}
