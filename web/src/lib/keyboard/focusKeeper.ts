/**
 * Keeps the keyboard focus from falling back to the page's body. This remembers the control that was used last outside
 * of dialogs and menus. It gets the focus back when a dialog closes. When it is removed, such as a row that was dealt
 * with, the nearest region that remains gets the focus. On navigation the heading of the new page does (`PageHeader`).
 */

type Held = {
  element: HTMLElement;
  /** The regions around it, nearest first. They can only be read while it is in the page. */ around: HTMLElement[];
};

const CONTROLS = "a[href], button, input, select, textarea, [contenteditable=true], [tabindex]:not([tabindex='-1'])";
const MODALS = "[role=dialog], [role=alertdialog]";
const POPUPS = `${MODALS}, [role=menu], [role=listbox], [data-toasts]`;
const REGIONS = "section[aria-label], [role=region], main";

let held: Held | null = null;
/** True while a lost focus is to be returned even without a dialog; false once the user has moved it away. */
let watching = false;

/**
 * Returns the focus to the control that had it before a dialog, or near it. Does nothing where something is focused.
 */
export function returnFocus(): void {
  if (!held || !isLost()) return;
  if (isUsable(held.element)) held.element.focus();
  if (isLost()) focusRegion(held.around.find((region) => region.isConnected));
}

/** Focuses an element that need not be a control, such as a heading. */
export function focusPlace(place: HTMLElement, options?: FocusOptions): void {
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus(options);
}

/** Starts to keep the focus, for the life of the document. */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => hold(target));
  // Safari does not focus a button that is clicked.
  document.addEventListener(
    "pointerdown",
    ({ target }) => hold(target instanceof Element ? target.closest(CONTROLS) : null),
    true,
  );
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (relatedTarget || target !== held?.element) return;
    // A control that was removed or disabled also loses the focus. That it was can only be seen a moment later.
    setTimeout(() => {
      if (held && target === held.element && isUsable(held.element) && isLost() && document.hasFocus())
        watching = false;
    });
  });
  new MutationObserver(() => {
    if (watching && isLost() && document.hasFocus() && !isWaiting() && !document.querySelector(MODALS)) returnFocus();
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

function hold(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || target.closest(POPUPS) || !target.matches(CONTROLS)) return;
  const around: HTMLElement[] = [];
  for (
    let region = target.closest<HTMLElement>(REGIONS);
    region;
    region = region.parentElement?.closest<HTMLElement>(REGIONS) ?? null
  )
    around.push(region);
  held = { element: target, around };
  watching = true;
}

const isLost = () => document.activeElement === null || document.activeElement === document.body;

const isUsable = (element: HTMLElement) =>
  element.isConnected && !element.matches(":disabled") && element.checkVisibility();

/** True for a control that is disabled while its action runs: it will be usable again, or removed. */
const isWaiting = () => held !== null && held.element.isConnected && held.element.matches(":disabled");

function focusRegion(region: HTMLElement | undefined): void {
  const place =
    region && !region.matches("main")
      ? region
      : (document.querySelector<HTMLElement>("main h1") ?? document.querySelector<HTMLElement>("main"));
  if (place) focusPlace(place);
}
