import { useMutation } from "convex/react";
import { IdCard } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogFooter, DialogTrigger } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import type { FieldErrors } from "@/lib/errors";
import { useForm } from "@/lib/useForm";

/** Starts a report whose form a business card fills. */
export function StartFromCard() {
  const create = useMutation(api.valuations.sessions.create);
  const navigate = useNavigate();
  const [token, setToken] = useState("");
  const form = useForm({
    names: ["businessCardToken"],
    check: (): FieldErrors => (token.trim() === "" ? { businessCardToken: ["Enter the card's code."] } : {}),
    save: async () => {
      const { reportId } = await create({ businessCardToken: token.trim() });
      await navigate(`/reports/${encodeURIComponent(reportId)}`);
    },
  });
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant="secondary">
          <IdCard /> From a card
        </Button>
      </DialogTrigger>
      <DialogContent title="Start from a business card" description="The card's answers are filled in; you can change every one of them.">
        <form noValidate onSubmit={form.submit} className="space-y-4">
          <FormField form={form} name="businessCardToken" label="Code of the card">
            {(wiring) => (
              <Input
                {...wiring}
                autoComplete="off"
                maxLength={256}
                value={token}
                onChange={(event) => {
                  setToken(event.target.value);
                  form.touched("businessCardToken");
                }}
              />
            )}
          </FormField>
          <FormMessage form={form} />
          <DialogFooter>
            <Button type="submit" busy={form.busy}>
              Start
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
