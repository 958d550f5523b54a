import { createElement, lazy, useState, type ComponentType, type FunctionComponent } from "react";
import { inTab, recall, remember } from "./storage";

/**
 * Thrown when a part of the application could not be fetched: the connection is lost, or a newer build has replaced it.
 */
export class NotLoadedError extends Error {
  /**
   * `forget` lets the next render fetch the part again. `mayReload` is true when nothing else on the page can be lost,
   * or the user asked.
   */
  constructor(
    cause: unknown,
    readonly forget: (mayReload: boolean) => void,
  ) {
    super("A part of the application could not be loaded.", { cause });
  }
}

type Module<Name extends string, Props> = Record<Name, FunctionComponent<Props>>;

/** A component that is fetched when it is first shown, or ahead of that. A `prefetch` that fails does nothing. */
export type LazyPart<Props extends object> = ComponentType<Props> & { prefetch: () => Promise<void> };

/**
 * A component fetched when it is first shown, unless it is here already. A failure is thrown as `NotLoadedError` and
 * kept until its `forget`; React would keep it for good. In some cases only a reload helps, because a browser remembers
 * failed imports or the build has changed. A part that is a whole `page` then reloads by itself: its address is already
 * set, and nothing of it has been shown.
 */
export function lazyPart<const Name extends string, Props extends object>(
  load: () => Promise<Module<Name, Props>>,
  name: Name,
  { page = false }: { page?: boolean } = {},
): LazyPart<Props> {
  let loaded: FunctionComponent<Props> | null = null;
  const fetchPart = async () => (loaded = (await load())[name]);
  const attempt = (mayReload: boolean) =>
    lazy(async (): Promise<{ default: FunctionComponent<Props> }> => {
      try {
        return { default: await fetchPart() };
      } catch (error) {
        if (mayReload && mayReloadNow() && (await isServed())) {
          window.location.reload();
          await new Promise(() => undefined);
        }
        throw new NotLoadedError(error, (asked) => (Part = attempt(page || asked)));
      }
    });
  let Part = attempt(page);
  function LazyPart(props: Props) {
    // A part that is here is shown at once. Behind `lazy` a fallback takes its place first, which React then leaves
    // there for 300 ms.
    const [part] = useState(() => loaded);
    return createElement((part ?? Part) as ComponentType<Props>, props);
  }
  const prefetch = () =>
    fetchPart().then(
      () => undefined,
      () => undefined,
    );
  return Object.assign(LazyPart, { prefetch });
}

/** True when the application's own page can be fetched now. Reloading without that would lose what is on the screen. */
async function isServed(): Promise<boolean> {
  try {
    return (await fetch(window.location.href, { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

const RELOADED_AT = "reloaded-at";
/** The shortest time between reloads. A part that a reload does not fix must not reload forever. */
const RELOAD_EVERY_MS = 20_000;

function mayReloadNow(): boolean {
  const now = Date.now();
  if (now - Number(recall(RELOADED_AT, inTab) ?? 0) < RELOAD_EVERY_MS) return false;
  remember(RELOADED_AT, String(now), inTab);
  return true;
}
