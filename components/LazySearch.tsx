/** Stands for the search until its code has come. */

import { useEffect, useState } from "preact/hooks";
import type SearchDialog from "./SearchDialog.tsx";

type Props = Parameters<typeof SearchDialog>[0];

export function LazySearch(props: Props) {
  const [dialog, setDialog] = useState<{ View: typeof SearchDialog } | null>(null);
  useEffect(() => {
    import("./SearchDialog.tsx").then(
      ({ default: View }) => setDialog({ View }),
      () => location.assign(props.path),
    );
  }, []);
  return dialog && <dialog.View {...props} />;
}
