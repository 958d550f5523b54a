import { useMutation } from "convex/react";
import { useState } from "react";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogFooter } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { api } from "@/lib/api";
import { useForm } from "@/lib/useForm";
import { CATEGORY_OPTIONS, categoryNamed, UNDECIDED } from "./categories";

type Props = { open: boolean; onOpenChange: (open: boolean) => void; initialName: string; onCreated: (activityId: string) => void };

export function CreateActivityDialog({ open, onOpenChange, ...props }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="New activity" description="What you do in a session. Everyone here can pick it; the rates follow from its name.">
        <ActivityForm {...props} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function ActivityForm({ initialName, onCreated, close }: Omit<Props, "open" | "onOpenChange"> & { close: () => void }) {
  const create = useMutation(api.focus.activities.create);
  const [name, setName] = useState(initialName);
  const [categoryName, setCategoryName] = useState<string>(UNDECIDED);
  const [emoji, setEmoji] = useState<string | null>(null);
  const category = categoryNamed(categoryName);

  const form = useForm({
    names: ["name", "emoji", "category"],
    check: () => ({ ...(name.trim() === "" && { name: ["Say what you do."] }) }),
    save: async () => {
      const activityId = await create({
        name,
        emoji: emoji?.trim() || category.emoji,
        category: category.name,
        color: category.color,
      });
      close();
      onCreated(activityId);
    },
  });

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      <FormField form={form} name="name" label="Name">
        {(wiring) => (
          <Input
            {...wiring}
            autoFocus
            maxLength={100}
            placeholder="Indoor bouldering"
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              form.touched("name");
            }}
          />
        )}
      </FormField>
      <div className="grid grid-cols-[5rem_1fr] gap-3">
        <FormField form={form} name="emoji" label="Emoji">
          {(wiring) => (
            <Input
              {...wiring}
              className="text-center text-lg"
              maxLength={16}
              value={emoji ?? category.emoji}
              onChange={(event) => {
                setEmoji(event.target.value);
                form.touched("emoji");
              }}
            />
          )}
        </FormField>
        <FormField form={form} name="category" label="Category">
          {(wiring) => <Select {...wiring} value={categoryName} onChange={setCategoryName} options={CATEGORY_OPTIONS} />}
        </FormField>
      </div>
      <FormMessage form={form} />
      <DialogFooter>
        <Button variant="secondary" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" busy={form.busy}>
          Create activity
        </Button>
      </DialogFooter>
    </form>
  );
}
