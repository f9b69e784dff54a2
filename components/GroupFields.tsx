/** The fields of a group's form, for one that is made and for one that is changed. */

import type { ComponentChildren } from "preact";
import { GROUP_IMAGE_PX, MAX_GROUP_IMAGE_BYTES, MAX_ROOM_NAME_CHARS } from "../lib/chat/limits.ts";
import type { HistoryRule } from "../lib/chat/events.ts";
import { Field } from "./Field.tsx";

/** In place of an emoji: the image that the group has. */
export const KEPT_IMAGE = "image";

/** What a form says of a group, as it was typed. */
export interface GroupFormValues {
  name: string;
  /** One emoji; empty for the initials, or {@link KEPT_IMAGE}. */
  picture: string;
  public: boolean;
  history: HistoryRule;
}

const PICTURES = ["💬", "🎉", "🏡", "⚽", "📚", "🎵", "🌱", "🚀", "☕", "⚓"];

interface GroupFieldsProps extends GroupFormValues {
  /** Where the image is that the group has. */
  image?: string;
  autofocus?: boolean;
  /** What makes the choice of a picture livelier. */
  live?: ComponentChildren;
}

export function GroupFields(props: GroupFieldsProps) {
  const { name, public: isPublic, history, autofocus } = props;
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
      <PictureField {...props} />
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

type PictureFieldProps = Pick<GroupFieldsProps, "picture" | "image" | "live">;

/** The image that it has, the initials, some pictures to choose from, any other emoji, or an image. */
function PictureField({ picture, image, live }: PictureFieldProps) {
  const isKept = picture === KEPT_IMAGE;
  const known = picture === "" || isKept || PICTURES.includes(picture);
  return (
    <fieldset class="mb-4" data-picture-field>
      <legend class="mb-1.5 text-sm font-semibold">Picture</legend>
      <div class="flex flex-wrap gap-1">
        <template>
          <ImageChoice name="The chosen image" value="" />
        </template>
        {image && (
          <ImageChoice name="The image it has" value={KEPT_IMAGE} checked={isKept} src={image} />
        )}
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
      <label class="block mt-3 text-sm text-muted">
        Or an image
        <input
          type="file"
          name="image"
          accept="image/jpeg,image/png,image/webp"
          data-px={GROUP_IMAGE_PX}
          data-max-bytes={MAX_GROUP_IMAGE_BYTES}
          class="field field-file"
          aria-describedby="picture-hint"
        />
      </label>
      <p id="picture-hint" class="mt-1 text-sm text-muted">
        A JPEG, PNG or WebP; the middle of it is shown as a square.{" "}
        <span class="scriptless">At most {MAX_GROUP_IMAGE_BYTES / 1024} KB.</span>
      </p>
      <p class="mt-1 text-sm" role="status" data-picture-state />
      {live}
    </fieldset>
  );
}

/** A picture among the others that is an image. */
function ImageChoice(
  { name, value, checked, src }: { name: string; value: string; checked?: boolean; src?: string },
) {
  return (
    <label class="picture-choice">
      <input type="radio" name="picture" value={value} checked={checked} class="sr-only" />
      <span>
        <img
          src={src}
          alt={name}
          width={36}
          height={36}
          class="picture-tile"
          data-fresh-disable-lock
        />
      </span>
    </label>
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
