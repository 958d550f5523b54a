import { Compass } from "lucide-react";
import { Link } from "react-router";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title={t("shell.pageNotFound")} />
      <EmptyState
        icon={<Compass />}
        action={
          <Button asChild variant="secondary">
            <Link to="/">{t("shell.goHome")}</Link>
          </Button>
        }
      >
        {t("shell.pageNotFoundNote")}
      </EmptyState>
    </>
  );
}
