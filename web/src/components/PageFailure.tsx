import { ArrowLeft } from "lucide-react";
import { Link } from "react-router";
import type { Failure } from "@/lib/errors";
import { t } from "@/messages/translate";
import { PageHeader } from "./PageHeader";
import { ErrorState } from "./states";
import { Button } from "./ui/button";
import { Card } from "./ui/card";

type Props = {
  failure: Failure;
  retry: () => void;
  /** What the page is about. */
  kind: "goal" | "report" | "session";
  /** Where to go from here. */
  back: { to: string; label: string };
  /** Its name, when the page has shown it: then it has been deleted meanwhile. */
  shown?: string | undefined;
};

/** A whole page that has nothing to show: what it was to be, why not, and where to go. */
export function PageFailure({ failure, retry, kind, back, shown }: Props) {
  const missing = failure.code === "NOT_FOUND";
  const message = shown ? t("common.pageDeleted", { kind }) : t("common.pageNotFoundNote");
  return (
    <>
      <PageHeader title={shown ?? (missing ? t("common.pageNotFound", { kind }) : t("common.pageKind", { kind }))} />
      <Card>
        <ErrorState
          failure={missing ? { ...failure, message } : failure}
          retry={retry}
          action={
            <Button asChild variant="secondary" size="sm">
              <Link to={back.to}>
                <ArrowLeft /> {back.label}
              </Link>
            </Button>
          }
        />
      </Card>
    </>
  );
}
