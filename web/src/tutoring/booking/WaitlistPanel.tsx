import { useMutation } from "convex/react";
import { Hourglass } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { t } from "@/messages/translate";
import type { Watched } from "../types";
import { OfferNote } from "./OfferNote";
import { useAct } from "@/lib/hooks/useAct";

/** The viewer's own place on the waiting list: the way in when all seats are taken, the place, an offer and its end. */
export function WaitlistPanel({ session, seats, viewer }: Watched) {
  const { waitlistPosition: position, offerExpiresAt } = viewer;
  const { id } = session;
  const joinWaitlist = useMutation(api.tutoring.sessions.joinWaitlist);
  const { run, busy, problem } = useAct();
  const { ending, setDeclined } = useOfferEnding(viewer);

  if (viewer.isCreator || viewer.hasSeat) return null;
  if (offerExpiresAt !== null)
    return <OfferNote id={id} until={offerExpiresAt} onDecline={setDeclined} className="mb-6" />;
  if (position !== null)
    return (
      <Panel heading={t("tutoring.inLine", { position })} problem={null}>
        <p className="flex-1 text-sm text-muted-foreground">{t("tutoring.inLineNote")}</p>
        <LeaveButton id={id} />
      </Panel>
    );
  const mayWait = seats.isOpen && seats.isFull && !viewer.request;
  if (!mayWait && !ending) return null;
  return (
    <Panel heading={t("tutoring.waitingList")} problem={problem}>
      {ending && (
        <p className="w-full text-sm">
          {ending === "lapsed" ? t("tutoring.offerLapsed") : t("tutoring.offerDeclined")}
        </p>
      )}
      {mayWait && (
        <>
          <p className="min-w-48 flex-1 text-sm text-muted-foreground">
            {seats.waitingCount > 0 && <>{t("tutoring.peopleWaiting", { count: seats.waitingCount })}. </>}
            {t("tutoring.waitingListNote")}
          </p>
          <Button busy={busy} onClick={() => run(() => joinWaitlist({ id }))}>
            <Hourglass />
            {t("tutoring.joinWaitingList")}
          </Button>
        </>
      )}
    </Panel>
  );
}

/** How the last offer that this page has shown came to its end, if not by being accepted. */
function useOfferEnding(viewer: Watched["viewer"]) {
  const [hadOffer, setHadOffer] = useState(false);
  const [declined, setDeclinedTo] = useState(false);
  const hasOffer = viewer.offerExpiresAt !== null;
  if (hasOffer && !hadOffer) {
    setHadOffer(true);
    setDeclinedTo(false);
  }
  const isWaitingAgain = !hasOffer && viewer.waitlistPosition !== null;
  if (hadOffer && (isWaitingAgain || viewer.hasSeat)) setHadOffer(false);
  const isOver = hadOffer && !hasOffer && viewer.waitlistPosition === null && !viewer.hasSeat;
  const ending: "lapsed" | "declined" | null = isOver ? (declined ? "declined" : "lapsed") : null;
  return { ending, setDeclined: () => setDeclinedTo(true) };
}

function LeaveButton({ id }: { id: number }) {
  const leaveWaitlist = useMutation(api.tutoring.sessions.leaveWaitlist);
  const { run, busy, problem } = useAct();
  return (
    <>
      <Button variant="secondary" busy={busy} onClick={() => run(() => leaveWaitlist({ id }))}>
        {t("tutoring.leaveWaitingList")}
      </Button>
      {problem && (
        <p role="alert" className="w-full text-sm text-danger-text">
          {problem}
        </p>
      )}
    </>
  );
}

function Panel({ heading, problem, children }: { heading: string; problem: string | null; children: ReactNode }) {
  return (
    <section
      aria-label={t("tutoring.waitingList")}
      className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border bg-surface p-4 shadow-rest"
    >
      <p aria-live="polite" className="figures w-full text-sm font-semibold sm:w-auto">
        {heading}
      </p>
      {children}
      {problem && (
        <p role="alert" className="w-full text-sm text-danger-text">
          {problem}
        </p>
      )}
    </section>
  );
}
