/** Stands for the emoji picker until its code has come. */

import { useEffect, useState } from "preact/hooks";
import type EmojiPicker from "./EmojiPicker.tsx";

type Props = Parameters<typeof EmojiPicker>[0];

export function LazyPicker(props: Props) {
  const [Picker, setPicker] = useState<{ view: typeof EmojiPicker } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./EmojiPicker.tsx").then(
      (module) => setPicker({ view: module.default }),
      () => setFailed(true),
    );
  }, []);
  if (Picker) return <Picker.view {...props} />;
  return (
    <p class="message-editor text-sm text-muted" role="status">
      {failed ? "The emoji could not be loaded." : "Loading…"}
    </p>
  );
}
