import { useEffect, useRef, type RefObject } from "react";
import { NavigationType, useLocation, useNavigationType } from "react-router";
import { focusPlace } from "./focusKeeper";

/** The path whose heading was last there; the first one after a load is where the browser has put the reader itself. */
let arrivedAt: string | null = null;

/**
 * For a page's heading: it takes the focus when the path has changed, so that the keyboard goes on at the new page and a
 * screen reader says which one it is. Going back keeps the place the browser scrolls to.
 */
export function useArrivalFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const preventScroll = useNavigationType() === NavigationType.Pop;
  useEffect(() => {
    const isFirst = arrivedAt === null;
    if (arrivedAt === pathname) return;
    arrivedAt = pathname;
    if (!isFirst && heading.current) focusPlace(heading.current, { preventScroll });
  }, [pathname, preventScroll]);
  return heading;
}
