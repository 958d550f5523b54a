import { isOpen } from "@convex/tutoring/rules";
import { CalendarClock } from "lucide-react";
import { useEffect } from "react";
import { Link } from "react-router";
import { EmptyState, Loaded } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { formatDuration } from "@/lib/time/time";
import { useQueryState } from "@/lib/live/useQueryState";
import { useTitle } from "@/lib/useTitle";
import { t } from "@/messages/translate";
import { BothZones } from "../terms/BothZones";
import { SIGN_IN } from "./sharedPath";
import { seatsText, STATUS_LOOK } from "../words";

/** A session as its link shows it to visitors. Search engines are told not to keep it. */
export function SharedPage({ token }: { token: string }) {
  const shared = useQueryState(api.tutoring.live.shared, { token });
  useHiddenFromRobots();
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col justify-center px-4 py-10">
      <p className="mb-4 text-sm font-medium text-muted-foreground">{t("common.appName")}</p>
      <Card>
        <Loaded state={shared} skeleton={<Skeleton className="h-40" />}>
          {(session) =>
            session === null ? (
              <EmptyState action={<SignInLink label={t("accounts.signIn")} />}>
                {t("tutoring.linkShowsNothing")}
              </EmptyState>
            ) : (
              <Shared session={session} />
            )
          }
        </Loaded>
      </Card>
    </main>
  );
}

type SharedSession = NonNullable<(typeof api.tutoring.live.shared)["_returnType"]>;

function Shared({ session }: { session: SharedSession }) {
  const { title, subject, tutor, date, duration, status, availableSpots } = session;
  const { label, tone } = STATUS_LOOK[status];
  useTitle(title);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight">{title}</h1>
        <Badge tone={tone}>{label}</Badge>
      </div>
      <p className="mt-1 text-sm text-muted-foreground">{t("tutoring.sharedSummary", { subject, tutor })}</p>
      <p className="mt-4 flex items-center gap-2 text-sm font-medium">
        <CalendarClock className="size-4 text-muted-foreground" />
        {formatDuration(duration * 60)}
      </p>
      <BothZones at={date} className="mt-2" />
      {isOpen(status) && (
        <>
          <p aria-live="polite" className="figures mt-4 text-sm">
            {seatsText(availableSpots)}
          </p>
          <div className="mt-4">
            <SignInLink label={availableSpots > 0 ? t("tutoring.signInForSeat") : t("tutoring.signInToWait")} />
          </div>
        </>
      )}
    </>
  );
}

const SignInLink = ({ label }: { label: string }) => (
  <Button asChild>
    <Link to={`?${SIGN_IN}`}>{label}</Link>
  </Button>
);

function useHiddenFromRobots(): void {
  useEffect(() => {
    const meta = document.createElement("meta");
    meta.name = "robots";
    meta.content = "noindex, nofollow";
    document.head.append(meta);
    return () => meta.remove();
  }, []);
}
