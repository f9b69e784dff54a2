/** The fields of a group's form, for one that is made and for one that is changed. */

import type { ComponentChildren } from "preact";
import { MAX_ROOM_NAME_CHARS } from "../lib/chat/limits.ts";
import type { HistoryRule } from "../lib/chat/events.ts";
import { Field } from "./Field.tsx";

/** What a form says of a group, as it was typed. */
export interface GroupFormValues {
  name: string;
  /** One emoji; empty for the initials. */
  picture: string;
  public: boolean;
  history: HistoryRule;
}

const PICTURES = ["💬", "🎉", "🏡", "⚽", "📚", "🎵", "🌱", "🚀", "☕", "⚓"];

export function GroupFields(
  { name, picture, public: isPublic, history, autofocus }: GroupFormValues & {
    autofocus?: boolean;
  },
) {
  return (
    <>
      <Field
        name="name"
        label="Name"
        value={name}
        required
        autofocus={autofocus}
        maxlength={MAX_ROOM_NAME_CHARS}
        autocomplete="off"
        autocapitalize="sentences"
      />
      <PictureField picture={picture} />
      <Choices legend="Who can join">
        <Choice
          name="public"
          value="no"
          checked={!isPublic}
          label="Private"
          hint="Only people who are added, or who have the link."
        />
        <Choice
          name="public"
          value="yes"
          checked={isPublic}
          label="Public"
          hint="Everybody here can find it and join."
        />
      </Choices>
      <Choices legend="What new members see">
        <Choice
          name="history"
          value="all"
          checked={history === "all"}
          label="Everything"
          hint="Also what was said before they came."
        />
        <Choice
          name="history"
          value="joined"
          checked={history === "joined"}
          label="From now on"
          hint="Only what is said once they are in."
        />
      </Choices>
    </>
  );
}

/** Some pictures to choose from, the initials, or any other emoji. */
function PictureField({ picture }: { picture: string }) {
  const known = picture === "" || PICTURES.includes(picture);
  return (
    <fieldset class="mb-4">
      <legend class="mb-1.5 text-sm font-semibold">Picture</legend>
      <div class="flex flex-wrap gap-1">
        {["", ...PICTURES].map((emoji) => (
          <label key={emoji} class="picture-choice">
            <input
              type="radio"
              name="picture"
              value={emoji}
              checked={known && emoji === picture}
              class="sr-only"
            />
            <span>{emoji === "" ? <span class="text-sm">Initials</span> : emoji}</span>
          </label>
        ))}
        <label class="flex items-center gap-2 ps-1 text-sm text-muted">
          or
          <input
            name="emoji"
            class="field text-center"
            size={6}
            maxlength={32}
            value={known ? "" : picture}
            placeholder="🦊"
            autocomplete="off"
            aria-label="Any other emoji"
          />
        </label>
      </div>
    </fieldset>
  );
}

function Choices({ legend, children }: { legend: string; children: ComponentChildren }) {
  return (
    <fieldset class="mb-4">
      <legend class="mb-1 text-sm font-semibold">{legend}</legend>
      {children}
    </fieldset>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  checked: boolean;
  label: string;
  hint: string;
}

function Choice({ name, value, checked, label, hint }: ChoiceProps) {
  return (
    <label class="flex items-start gap-3 min-h-[2.75rem] py-1.5">
      <input type="radio" name={name} value={value} checked={checked} class="radio" />
      <span class="flex-1 min-w-0">
        <span class="block text-base leading-5">{label}</span>
        <span class="block text-sm text-muted">{hint}</span>
      </span>
    </label>
  );
}
