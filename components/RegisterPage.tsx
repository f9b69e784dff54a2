/** The registration page: one plain form, no JavaScript. */

import {
  MAX_NAME_CHARS,
  MAX_USERNAME_CHARS,
  MIN_PASSWORD_CHARS,
  MIN_USERNAME_CHARS,
} from "../lib/chat/limits.ts";
import { type AuthPageProps, FormError, Instead, Providers } from "./AuthForm.tsx";
import { AuthLayout } from "./AuthLayout.tsx";
import { Field } from "./Field.tsx";

export function RegisterPage(
  { next, error, username, name, providers }: AuthPageProps & { name?: string },
) {
  const errorId = error ? "form-error" : undefined;
  return (
    <AuthLayout title="Create an account" lead="A name and a password, and you are in.">
      <form method="post" action="/register">
        <FormError error={error} />
        <input type="hidden" name="next" value={next} />
        <Field
          name="username"
          label="Username"
          autocomplete="username"
          hint="How others find you. Letters, digits, dots and dashes."
          value={username}
          errorId={errorId}
          minlength={MIN_USERNAME_CHARS}
          maxlength={MAX_USERNAME_CHARS * 2}
          autofocus
          required
        />
        <Field
          name="name"
          label="Display name (optional)"
          autocomplete="name"
          value={name}
          maxlength={MAX_NAME_CHARS * 2}
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="new-password"
          hint={`At least ${MIN_PASSWORD_CHARS} characters. Longer is better than stranger.`}
          errorId={errorId}
          minlength={MIN_PASSWORD_CHARS}
          required
        />
        <button type="submit" class="button button-main w-full mt-2">Create account</button>
      </form>
      <Providers providers={providers} next={next} />
      <Instead question="Been here before?" path="/login" label="Sign in" next={next} />
    </AuthLayout>
  );
}
