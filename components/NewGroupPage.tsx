/** Making a group: its name, picture and rules, and who is in it. One form; the picker is livelier with JavaScript. */

import type { ComponentChildren } from "preact";
import { GroupFields, type GroupFormValues } from "./GroupFields.tsx";
import { Card, PageFrame } from "./PageFrame.tsx";

interface NewGroupPageProps {
  /** Made once for the form: sent twice it makes one group. */
  id: string;
  values: GroupFormValues;
  error?: string;
  /** What makes the choice of a picture livelier. */
  live?: ComponentChildren;
  /** The picker of people. */
  children: ComponentChildren;
}

export function NewGroupPage({ id, values, error, live, children }: NewGroupPageProps) {
  return (
    <PageFrame
      title="New group"
      back={{ href: "/chat", label: "Back to the chats" }}
      error={error}
    >
      <p class="text-base text-muted">
        Or look at the{" "}
        <a href="/rooms" class="text-accent font-semibold underline">public groups</a>: everybody
        may join those.
      </p>
      <form
        method="post"
        action="/groups/new"
        enctype="multipart/form-data"
        class="flex flex-col gap-4"
      >
        <input type="hidden" name="id" value={id} />
        <Card id="group-settings">
          <GroupFields {...values} live={live} autofocus={values.name === ""} />
        </Card>
        <Card id="group-people" title="Members">{children}</Card>
        <div class="flex justify-end gap-2">
          <a href="/chat" class="button button-quiet">Cancel</a>
          <button type="submit" class="button button-main">Create group</button>
        </div>
      </form>
    </PageFrame>
  );
}
