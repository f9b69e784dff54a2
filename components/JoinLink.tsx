/** The private link to join a group, for those who may hand it out. */

import type { ComponentChildren } from "preact";
import { Confirm } from "./Confirm.tsx";
import { Card } from "./PageFrame.tsx";

interface JoinLinkProps {
  /** The whole address; null if there is none. */
  link: string | null;
  /** A button that copies it, where that works. */
  copy?: ComponentChildren;
}

export function JoinLink({ link, copy }: JoinLinkProps) {
  return (
    <Card id="group-link" title="Link to join">
      <p class="mb-2 text-base text-muted">
        {link === null
          ? "Whoever opens the link can join. There is none yet."
          : "Whoever opens this link can join. Hand it to those whom you want here."}
      </p>
      {link !== null && (
        <div class="mb-2 flex gap-2">
          <input class="field" readOnly value={link} aria-label="Link to join" dir="ltr" />
          {copy}
        </div>
      )}
      {link === null ? <Make label="Make a link" /> : (
        <>
          <Confirm
            label="Make another link"
            question="The link above will not work any more."
            fields={{ what: "link", set: "new" }}
            yes="Make another"
          />
          <Confirm
            label="Take the link away"
            question="Nobody will be able to join by it any more."
            fields={{ what: "link", set: "none" }}
            yes="Take it away"
          />
        </>
      )}
    </Card>
  );
}

function Make({ label }: { label: string }) {
  return (
    <form method="post">
      <input type="hidden" name="what" value="link" />
      <button type="submit" name="set" value="new" class="button button-quiet">{label}</button>
    </form>
  );
}
