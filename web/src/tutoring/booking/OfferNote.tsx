import { useMutation } from "convex/react";
import { Check, X } from "lucide-react";
import { Link } from "react-router";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { Countdown, useTimeLeft } from "@/lib/time/Countdown";
import { rich, t } from "@/messages/translate";
import { useAct } from "@/lib/hooks/useAct";

type Props = {
  id: number;
  /** When the offer ends, ms. */
  until: number;
  /** The session's title, where the page does not show it. */
  title?: string;
  onDecline?: () => void;
  className?: string;
};

/** A seat that is held for the viewer, with the time to decide and both answers. */
export function OfferNote({ id, until, title, onDecline, className }: Props) {
  const acceptOffer = useMutation(api.tutoring.sessions.acceptOffer);
  const leaveWaitlist = useMutation(api.tutoring.sessions.leaveWaitlist);
  const { run, busy, problem } = useAct();
  const isOver = useTimeLeft(until) === 0;
  const decline = async () => {
    onDecline?.();
    await leaveWaitlist({ id });
  };
  return (
    <section
      aria-label={t("tutoring.seatOffered")}
      className={cn(
        "flex flex-wrap items-center gap-x-4 gap-y-3 rounded-card border border-accent bg-accent-soft p-4",
        className,
      )}
    >
      <div role="status" className="min-w-52 flex-1 text-sm">
        <p className="font-semibold">
          {title === undefined ? t("tutoring.seatOffered") : t("tutoring.seatOfferedIn", { title })}
        </p>
        <p>
          {isOver
            ? t("tutoring.offerLapsed")
            : rich("tutoring.offerEndsIn", { time: () => <Countdown key="time" until={until} /> })}
        </p>
        {title !== undefined && (
          <Link to={`/tutoring/${id}`} className="text-accent-text underline underline-offset-4">
            {t("tutoring.seeSession")}
          </Link>
        )}
      </div>
      {!isOver && (
        <div className="flex flex-wrap gap-2">
          <Button busy={busy} onClick={() => run(() => acceptOffer({ id }))}>
            <Check />
            {t("tutoring.accept")}
          </Button>
          <Button variant="secondary" busy={busy} onClick={() => run(decline)}>
            <X />
            {t("tutoring.decline")}
          </Button>
        </div>
      )}
      {problem && (
        <p role="alert" className="w-full text-sm text-danger-text">
          {problem}
        </p>
      )}
    </section>
  );
}
