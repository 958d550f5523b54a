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

type Props = { open: boolean; onOpenChange: (open: boolean) => void; initialTitle: string; onCreated: (goalId: string) => void };

export function CreateGoalDialog({ open, onOpenChange, ...props }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="New goal" description="Something you work towards over many days.">
        <GoalForm {...props} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function GoalForm({ initialTitle, onCreated, close }: Omit<Props, "open" | "onOpenChange"> & { close: () => void }) {
  const create = useMutation(api.focus.goals.create);
  const [title, setTitle] = useState(initialTitle);
  const [categoryName, setCategoryName] = useState<string>(UNDECIDED);
  const [emoji, setEmoji] = useState<string | null>(null);
  const [days, setDays] = useState("30");
  const category = categoryNamed(categoryName);

  const form = useForm({
    names: ["title", "emoji", "category", "daysTotal"],
    check: () => ({
      ...(title.trim() === "" && { title: ["Give the goal a title."] }),
      ...(!/^[1-9]\d{0,3}$/.test(days.trim()) && { daysTotal: ["Enter a whole number of days from 1."] }),
    }),
    save: async () => {
      const goalId = await create({
        title,
        emoji: emoji?.trim() || category.emoji,
        category: { name: category.name, color: category.color },
        daysTotal: Number(days),
      });
      close();
      onCreated(goalId);
    },
  });

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      <FormField form={form} name="title" label="Title">
        {(wiring) => (
          <Input
            {...wiring}
            autoFocus
            maxLength={200}
            placeholder="Draw every day"
            value={title}
            onChange={(event) => {
              setTitle(event.target.value);
              form.touched("title");
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
      <FormField form={form} name="daysTotal" label="Days" hint="A day counts when you complete a session on it.">
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="numeric"
            className="figures w-28"
            value={days}
            onChange={(event) => {
              setDays(event.target.value);
              form.touched("daysTotal");
            }}
          />
        )}
      </FormField>
      <FormMessage form={form} />
      <DialogFooter>
        <Button variant="secondary" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" busy={form.busy}>
          Create goal
        </Button>
      </DialogFooter>
    </form>
  );
}
