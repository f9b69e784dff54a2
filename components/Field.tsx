/** A labelled input whose hint and error are tied to it. */

interface FieldProps {
  name: string;
  label: string;
  type?: string;
  value?: string;
  autocomplete: string;
  autocapitalize?: "none" | "sentences";
  hint?: string;
  /** Id of the element that says what is wrong with it. */
  errorId?: string;
  required?: boolean;
  minlength?: number;
  maxlength?: number;
  autofocus?: boolean;
}

export function Field(
  { name, label, hint, errorId, type = "text", autocapitalize = "none", ...input }: FieldProps,
) {
  const described = [hint && `${name}-hint`, errorId].filter(Boolean).join(" ");
  return (
    <div class="mb-4">
      <label class="block mb-1.5 text-sm font-semibold" for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        class="field"
        dir={type === "password" ? undefined : "auto"}
        autocapitalize={autocapitalize}
        spellcheck={false}
        aria-describedby={described || undefined}
        aria-invalid={errorId ? true : undefined}
        {...input}
      />
      {hint && <p id={`${name}-hint`} class="mt-1 text-sm text-muted">{hint}</p>}
    </div>
  );
}
