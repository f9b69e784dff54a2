/** Adding people to a group. */

import type { ComponentChildren } from "preact";
import { Card, PageFrame } from "./PageFrame.tsx";

interface AddPeoplePageProps {
  room: string;
  name: string;
  error?: string;
  /** The picker of people. */
  children: ComponentChildren;
}

export function AddPeoplePage({ room, name, error, children }: AddPeoplePageProps) {
  return (
    <PageFrame
      title="Add people"
      back={{ href: `/chat/${room}/info`, label: "Back to the group" }}
      error={error}
    >
      <form method="post" action={`/chat/${room}/add`} class="flex flex-col gap-4">
        <Card id="add-people">
          <p class="mb-3 text-muted">
            They become members of <bdi class="font-semibold text-ink">{name}</bdi> at once.
          </p>
          {children}
        </Card>
        <div class="flex justify-end gap-2">
          <a href={`/chat/${room}/info`} class="button button-quiet">Cancel</a>
          <button type="submit" class="button button-main">Add</button>
        </div>
      </form>
    </PageFrame>
  );
}
