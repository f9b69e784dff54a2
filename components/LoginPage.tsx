/** The sign-in page: one plain form, no JavaScript. */

import { type AuthPageProps, FormError, Instead, Providers } from "./AuthForm.tsx";
import { AuthLayout } from "./AuthLayout.tsx";
import { Field } from "./Field.tsx";

/** `registration`: whether new accounts are open to everyone. */
export function LoginPage(
  { next, error, username, providers, registration = true }: AuthPageProps & {
    registration?: boolean;
  },
) {
  const errorId = error ? "form-error" : undefined;
  return (
    <AuthLayout title="Sign in" lead="Good to see you. The others are waiting.">
      <form method="post" action="/login">
        <FormError error={error} />
        <input type="hidden" name="next" value={next} />
        <Field
          name="username"
          label="Username"
          autocomplete="username"
          value={username}
          errorId={errorId}
          autofocus={!username}
          required
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          errorId={errorId}
          autofocus={Boolean(username)}
          required
        />
        <button type="submit" class="button button-main w-full mt-2">Sign in</button>
      </form>
      <Providers providers={providers} next={next} />
      {registration && (
        <Instead question="New here?" path="/register" label="Create an account" next={next} />
      )}
    </AuthLayout>
  );
}
