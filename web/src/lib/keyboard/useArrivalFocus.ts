import { useEffect, useRef, type RefObject } from "react";
import { NavigationType, useLocation, useNavigationType } from "react-router";
import { focusPlace } from "./focusKeeper";

/** The path whose heading was focused last. After a load the browser itself sets the reading position. */
let arrivedAt: string | null = null;

/**
 * Focuses the page's heading when the path has changed, so that the keyboard continues at the new page and a screen
 * reader announces it. Going back keeps the scroll position.
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
