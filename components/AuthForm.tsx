/** What the sign-in and registration pages share: the error, the providers, the way to the other. */

/** A way to sign in with an account elsewhere. */
export interface Provider {
  id: string;
  label: string;
}

/** Props of both pages. `next` is where to go afterwards, already vetted by the server. */
export interface AuthPageProps {
  next: string;
  error?: string;
  username?: string;
  providers: Provider[];
}

/** Fields that are wrong point at it with `aria-describedby="form-error"`. */
export function FormError({ error }: { error?: string }) {
  if (!error) return null;
  return (
    <p
      id="form-error"
      role="alert"
      class="mb-4 rounded-xl bg-danger-soft text-danger px-4 py-3 text-base"
    >
      {error}
    </p>
  );
}

/** One form a provider, under a rule; nothing when there are none. */
export function Providers({ providers, next }: { providers: Provider[]; next: string }) {
  if (providers.length === 0) return null;
  return (
    <div class="mt-6">
      <div class="flex items-center gap-3 mb-4 text-sm text-muted">
        <span class="h-px flex-1 bg-line" />or<span class="h-px flex-1 bg-line" />
      </div>
      {providers.map(({ id, label }) => (
        <form key={id} method="post" action={`/oauth/${id}`} class="mb-2">
          <input type="hidden" name="next" value={next} />
          <button type="submit" class="button button-quiet w-full">Continue with {label}</button>
        </form>
      ))}
    </div>
  );
}

/** The line below: the other of the two pages, keeping where to go afterwards. */
export function Instead(
  { question, path, label, next }: { question: string; path: string; label: string; next: string },
) {
  const query = next ? `?${new URLSearchParams({ next })}` : "";
  return (
    <p class="mt-6 text-base text-muted">
      {question}{" "}
      <a class="inline-block py-2 font-semibold text-accent underline" href={path + query}>
        {label}
      </a>
    </p>
  );
}
