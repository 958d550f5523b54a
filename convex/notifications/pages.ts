/**
 * Live pages of notifications, newest first. The first page always has the newest ones and no more. `paginate` would
 * let it grow instead, down to the row where it ended at first: with a client that does not split pages, each
 * notification would be read, encoded and sent again with every later one.
 *
 * So the page after it begins where the first one ends now: with those that have moved out of it since. Pages of one
 * moment never overlap and leave nothing out. Pages that are asked for at different moments may show a row twice.
 */
import type { PaginationOptions, PaginationResult } from "convex/server";
import { ConvexError } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import type { Viewer } from "../identity/act";
import { pageSize } from "../lib/paging/pages";
import { queryNewest } from "./model";

/** Rows of a page. */
const PAGE_MAX = 200;
/** Once more rows have moved out of the first page, clients begin again. */
const MOVED_MAX = 400;

type Row = Doc<"notifications">;

/** Where a page begins: after the first page's rows as they were, and as far below as `at` says; null: right there. */
type Place = { first: number; from: number; at: string | null };

export async function readPage(
  viewer: Viewer,
  { numItems: wanted, cursor, endCursor }: PaginationOptions,
): Promise<PaginationResult<Row>> {
  const numItems = pageSize(wanted, PAGE_MAX);
  const end = endCursor == null ? null : readPlace(endCursor);
  if (cursor === null) return end ? await readDownTo(viewer, end) : await readFirst(viewer, numItems);
  const place = readPlace(cursor);
  const edge = await findEdge(viewer, place.first);
  const result = await queryNewest(viewer, place.from).paginate({
    numItems,
    cursor: place.at,
    ...(end && { endCursor: end.at }),
  });
  const moved = place.at === null ? await listBetween(viewer, place.from, edge) : [];
  const at = (inner: string) => JSON.stringify({ ...place, at: inner } satisfies Place);
  const { splitCursor } = result;
  return {
    ...result,
    // After deletions the first page reaches further down than before.
    page: [...moved, ...result.page.filter(({ _creationTime }) => _creationTime < edge)],
    continueCursor: at(result.continueCursor),
    ...(splitCursor != null && { splitCursor: at(splitCursor) }),
  };
}

async function readFirst(viewer: Viewer, numItems: number): Promise<PaginationResult<Row>> {
  const rows = await queryNewest(viewer).take(numItems + 1);
  const page = rows.slice(0, numItems);
  const from = page.at(-1)?._creationTime ?? 0;
  const next: Place = { first: numItems, from, at: null };
  return { page, isDone: rows.length <= numItems, continueCursor: JSON.stringify(next) };
}

/** The first page for clients that say themselves where it ends. */
async function readDownTo(viewer: Viewer, end: Place): Promise<PaginationResult<Row>> {
  const page = await listBetween(viewer, end.from, Number.MAX_SAFE_INTEGER);
  return { page, isDone: false, continueCursor: JSON.stringify(end) };
}

/** The creation of the last row that the first page has now, in ms: later pages have what is older. */
async function findEdge(viewer: Viewer, first: number): Promise<number> {
  const rows = await queryNewest(viewer).take(first);
  return rows.at(first - 1)?._creationTime ?? 0;
}

/** The viewer's notifications that were created at `from` or later, and before `before`, both in ms. */
async function listBetween({ db, principal }: Viewer, from: number, before: number): Promise<Row[]> {
  if (before <= from) return [];
  const rows = await db
    .query("notifications")
    .withIndex("by_userId", (q) =>
      q.eq("userId", principal.user._id).gte("_creationTime", from).lt("_creationTime", before),
    )
    .order("desc")
    .take(MOVED_MAX + 1);
  if (rows.length > MOVED_MAX) throw invalidCursor();
  return rows;
}

/** The error that Convex clients take as the sign to begin again with the first page. */
const invalidCursor = () => new ConvexError({ isConvexSystemError: true, paginationError: "InvalidCursor" });

function readPlace(cursor: string): Place {
  let place: Partial<Place>;
  try {
    place = Object(JSON.parse(cursor)) as Partial<Place>;
  } catch {
    throw invalidCursor();
  }
  const { first, from, at } = place;
  const isPlace =
    Number.isInteger(first) &&
    first! > 0 &&
    first! <= PAGE_MAX &&
    typeof from === "number" &&
    (at === null || typeof at === "string");
  if (!isPlace) throw invalidCursor();
  return { first: first!, from, at };
}
