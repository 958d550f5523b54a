import { ArrowLeft } from "lucide-react";
import { Link } from "react-router";
import type { Failure } from "@/lib/errors";
import { PageHeader } from "./PageHeader";
import { ErrorState } from "./states";
import { Button } from "./ui/button";
import { Card } from "./ui/card";

type Props = {
  failure: Failure;
  retry: () => void;
  /** What the page is about, such as "Report". */
  noun: string;
  /** Where to go from here. */
  back: { to: string; label: string };
  /** Its name, when the page has shown it: then it has been deleted meanwhile. */
  shown?: string | undefined;
};

/** A whole page that has nothing to show: what it was to be, why not, and where to go. */
export function PageFailure({ failure, retry, noun, back, shown }: Props) {
  const missing = failure.code === "NOT_FOUND";
  const what = noun.toLowerCase();
  const message = shown
    ? `This ${what} has been deleted, here or on another device.`
    : `There is no such ${what}. The link may be mistyped, or the ${what} was deleted or belongs to somebody else.`;
  return (
    <>
      <PageHeader title={shown ?? (missing ? `${noun} not found` : noun)} />
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
