import { OFFER_MS } from "@convex/tutoring/rules";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { useQueryState } from "@/lib/live/useQueryState";
import { useNow } from "@/lib/time/useNow";
import { OfferNote } from "./OfferNote";

/** For as long as clocks may differ. */
const SLACK_MS = 5 * 60_000;

/**
 * The seats that are held for the viewer, on the home page. Each offer comes with a notification, so the sessions that
 * recent ones are about are asked for an offer.
 */
export function OpenOffers() {
  const inbox = usePaginatedState(api.notifications.inbox.list, {});
  const now = useNow();
  if (inbox.kind !== "ready") return null;
  const recent = inbox.data.filter(
    ({ type, createdAt }) => type === "session_update" && createdAt > now - OFFER_MS - SLACK_MS,
  );
  const ids = new Set(recent.flatMap(({ session }) => session ?? []));
  return [...ids].map((id) => <OpenOffer key={id} id={id} />);
}

function OpenOffer({ id }: { id: number }) {
  const viewer = useQueryState(api.tutoring.sessions.viewer, { id });
  const offer = viewer.kind === "ready" && viewer.data.offerExpiresAt !== null ? viewer.data : null;
  const session = useQueryState(api.tutoring.live.session, offer ? { liveKey: offer.liveKey } : "skip");
  if (!offer?.offerExpiresAt || session.kind !== "ready" || !session.data) return null;
  return <OfferNote id={id} until={offer.offerExpiresAt} title={session.data.title} className="mb-6" />;
}
