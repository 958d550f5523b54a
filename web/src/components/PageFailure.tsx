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
  /** The subject of the page. */
  kind: "goal" | "report" | "session" | "webhook";
  /** The link to go on with. */
  back: { to: string; label: string };
  /** The title, if the page has shown it: then the subject was deleted meanwhile. */
  shown?: string | undefined;
};

/** A page that has nothing to show: its title, the reason, and a link to go on with. */
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
