import { useMutation } from "convex/react";
import { Check, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { formatExact } from "@/lib/time/time";
import { t } from "@/messages/translate";
import { useAct } from "@/lib/hooks/useAct";
import { personName } from "../words";

type Proposal = (typeof api.tutoring.requests.proposals)["_returnType"][number];

/** Other times that are proposed: for the tutor to answer, or one's own to take back. Nothing while there are none. */
export function ProposalsCard({ id, isCreator }: { id: number; isCreator: boolean }) {
  const proposals = useQueryState(api.tutoring.requests.proposals, { id });
  if (proposals.kind !== "ready" || proposals.data.length === 0) return null;
  const title = isCreator ? t("tutoring.proposedTimes") : t("tutoring.yourProposal");
  return (
    <Card aria-label={title}>
      <CardTitle className="mb-2">{title}</CardTitle>
      <ul className="divide-y">
        {proposals.data.map((proposal) => (
          <li key={proposal.user.id} className="flex flex-wrap items-center gap-3 py-3">
            {isCreator ? <Asked id={id} proposal={proposal} /> : <Own id={id} proposal={proposal} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Asked({ id, proposal: { user, date } }: { id: number; proposal: Proposal }) {
  const accept = useMutation(api.tutoring.sessions.acceptProposal);
  const decline = useMutation(api.tutoring.sessions.declineProposal);
  const { run, busy, problem } = useAct();
  const name = personName(user);
  return (
    <>
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium">{formatExact(date)}</p>
        <p className="text-xs text-muted-foreground">{t("tutoring.proposedBy", { name })}</p>
        {problem && <Problem text={problem} />}
      </div>
      <Button
        size="sm"
        busy={busy}
        aria-label={t("tutoring.acceptTimeOf", { name })}
        onClick={() => run(() => accept({ id, userId: user.id }))}
      >
        <Check />
        {t("tutoring.accept")}
      </Button>
      <Button
        size="sm"
        variant="secondary"
        busy={busy}
        aria-label={t("tutoring.declineTimeOf", { name })}
        onClick={() => run(() => decline({ id, userId: user.id }))}
      >
        <X />
        {t("tutoring.decline")}
      </Button>
    </>
  );
}

function Own({ id, proposal: { date } }: { id: number; proposal: Proposal }) {
  const withdraw = useMutation(api.tutoring.sessions.withdrawProposal);
  const { run, busy, problem } = useAct();
  return (
    <>
      <div className="min-w-40 flex-1">
        <p className="text-sm">{formatExact(date)}</p>
        {problem && <Problem text={problem} />}
      </div>
      <Button size="sm" variant="secondary" busy={busy} onClick={() => run(() => withdraw({ id }))}>
        {t("tutoring.withdraw")}
      </Button>
    </>
  );
}

const Problem = ({ text }: { text: string }) => (
  <p role="alert" className="text-xs text-danger-text">
    {text}
  </p>
);
