/** A person's initials on their colour, with a dot while they are online; a group's, its emoji or image, on a square. */

import type { Person } from "../lib/chat/people.ts";
import type { RoomSummary } from "../lib/chat/rooms.ts";
import { cx } from "./cx.ts";
import { displayName, initials, othersIn, toneOf } from "./names.ts";
import { PresenceDot } from "./PresenceDot.tsx";

/** 32 px beside a message, 36 px in a header, 44 px in a list, 64 px alone on a page. */
type Size = "message" | "head" | "list" | "page";

const SIZES: Record<Size, string> = {
  message: cx("size-8 text-xs"),
  head: cx("size-9 text-sm"),
  list: cx("size-11 text-base"),
  page: cx("size-16 text-xl"),
};

export function Avatar(
  { person, online, size = "list" }: { person: Person; online?: boolean; size?: Size },
) {
  return <Face id={person.id} text={initials(displayName(person))} online={online} size={size} />;
}

/** What is known of a group wherever it is drawn. */
export interface GroupFace {
  id: string;
  name: string;
  /** One emoji. */
  picture?: string;
  /** Id of an image. */
  image?: string;
}

/** `link`: the viewer is no member, but has the link to join. */
export function GroupAvatar(
  { group, size = "list", link }: { group: GroupFace; size?: Size; link?: string },
) {
  const { id, name, picture, image } = group;
  return (
    <Face
      id={id}
      text={picture ?? initials(name)}
      size={size}
      square
      picture={!!picture}
      image={image && imageUrl(id, image, link)}
    />
  );
}

/** Where a group's image is. */
export function imageUrl(room: string, image: string, link?: string): string {
  return `/api/rooms/${room}/image/${image}${link ? `?link=${link}` : ""}`;
}

/** The other person, or the group. */
export function RoomAvatar(
  { room, me, online, size }: { room: RoomSummary; me: Person; online?: boolean; size?: Size },
) {
  const { id, group } = room;
  if (group) return <GroupAvatar group={{ id, ...group }} size={size} />;
  return <Avatar person={othersIn(room, me)[0]} online={online} size={size} />;
}

interface FaceProps {
  id: string;
  text: string;
  size: Size;
  online?: boolean;
  square?: boolean;
  picture?: boolean;
  /** Covers the text, once it is there. */
  image?: string;
}

function Face({ id, text, size, online, square, picture, image }: FaceProps) {
  return (
    <span class="relative flex-none" aria-hidden="true">
      <span
        class={cx(
          "avatar",
          toneOf(id),
          SIZES[size],
          square && "avatar-group",
        )}
      >
        {picture ? <span class="avatar-picture">{text}</span> : text}
        {image && (
          <img
            key={image}
            class="avatar-image"
            data-fresh-disable-lock // its address is its content's already, in every build
            loading="lazy"
            decoding="async"
            src={image}
            alt=""
            width={64}
            height={64}
          />
        )}
      </span>
      {online && <PresenceDot />}
    </span>
  );
}
