import type { FormState } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { FormMessage } from "./FormField";
import { Button } from "./ui/button";
import { DialogFooter } from "./ui/dialog";

type Props = {
  form: FormState;
  /** The label of the button that sends the form. */
  submit: string;
  onCancel: () => void;
  /** The label of the other button, where it does more than close the dialog. */
  cancel?: string;
};

/** The end of a dialog's form: the error of the form as a whole, and the two ways out. */
export function FormFooter({ form, submit, onCancel, cancel = t("common.cancel") }: Props) {
  return (
    <>
      <FormMessage form={form} />
      <DialogFooter>
        <Button variant="secondary" onClick={onCancel}>
          {cancel}
        </Button>
        <Button type="submit" busy={form.busy}>
          {submit}
        </Button>
      </DialogFooter>
    </>
  );
}
