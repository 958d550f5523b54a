import { useAuthActions } from "@convex-dev/auth/react";
import { emailProblems, normalizeEmail, PASSWORD_MIN, passwordProblems, problemsOf } from "@convex/accounts/rules";
import { useConvexAuth } from "convex/react";
import { Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps } from "react";
import { FormField, FormMessage } from "@/components/FormField";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { useDraft } from "@/lib/forms/useDraft";
import { useForm } from "@/lib/forms/useForm";
import { t } from "@/messages/translate";
import { clearNotice } from "./signedOutNotice";
import { whileSigningIn, whileSigningUp } from "./signingIn";

/** The form for a sign-in or a new account. Email and name survive a reload; the password never leaves memory. */
export function CredentialsForm({ flow, initialPassword }: { flow: "signIn" | "signUp"; initialPassword: string }) {
  const { signIn } = useAuthActions();
  const { isAuthenticated: isGuest } = useConvexAuth();
  const [email, setEmail, forgetEmail] = useDraft("sign-in:email");
  const [name, setName, forgetName] = useDraft("sign-in:name");
  const [password, setPassword] = useState(initialPassword);
  const isNew = flow === "signUp";

  const form = useForm({
    names: isNew ? ["name", "email", "password"] : ["email", "password"],
    check: () =>
      problemsOf({
        email: email.trim() === "" ? [t("accounts.enterEmail")] : emailProblems(normalizeEmail(email)),
        password: password === "" ? [t("accounts.enterPassword")] : isNew ? passwordProblems(password) : [],
      }) ?? {},
    save: async () => {
      const attempt = () => signIn("password", { flow, email, password, ...(isNew && name.trim() !== "" && { name }) });
      // A guest's session is replaced by this one. Any other end of the new session has to be noticed.
      const run = () => (isGuest ? whileSigningIn(attempt) : attempt());
      await (isNew ? whileSigningUp(run) : run());
      clearNotice();
      forgetEmail();
      forgetName();
      // A client that is signed in as a guest goes on with the old token. The new one is in storage.
      if (isGuest) window.location.reload();
    },
  });
  const edit = (field: string, set: (value: string) => void): ComponentProps<"input">["onChange"] => {
    return (event) => {
      set(event.target.value);
      form.touched(field);
    };
  };

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {isNew && (
        <FormField form={form} name="name" label={t("accounts.nameOptional")}>
          {(wiring) => (
            <Input {...wiring} autoComplete="name" maxLength={150} value={name} onChange={edit("name", setName)} />
          )}
        </FormField>
      )}
      <FormField form={form} name="email" label={t("accounts.email")}>
        {(wiring) => (
          <Input
            {...wiring}
            type="email"
            inputMode="email"
            autoComplete="username"
            value={email}
            onChange={edit("email", setEmail)}
          />
        )}
      </FormField>
      <FormField
        form={form}
        name="password"
        label={t("accounts.password")}
        hint={isNew ? t("accounts.passwordMinimum", { count: PASSWORD_MIN }) : undefined}
      >
        {(wiring) => (
          <PasswordInput
            {...wiring}
            autoComplete={isNew ? "new-password" : "current-password"}
            value={password}
            onChange={edit("password", setPassword)}
          />
        )}
      </FormField>
      <FormMessage form={form} />
      <Button type="submit" className="w-full" busy={form.busy}>
        {form.busy ? t("accounts.signingIn") : isNew ? t("accounts.createAccount") : t("accounts.signIn")}
      </Button>
    </form>
  );
}

/** A password field whose content can be shown, which prevents mistakes on phones. */
export function PasswordInput(props: ComponentProps<"input">) {
  const [visible, setVisible] = useState(false);
  return (
    <div className="relative">
      <Input {...props} type={visible ? "text" : "password"} className="pr-11" />
      <button
        type="button"
        aria-label={visible ? t("accounts.hidePassword") : t("accounts.showPassword")}
        aria-pressed={visible}
        onClick={() => setVisible(!visible)}
        className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-control text-muted-foreground hover:text-foreground"
      >
        {visible ? <EyeOff className="size-4" /> : <Eye className="size-4" />}
      </button>
    </div>
  );
}
