/** Copies a text; shown only where that works. */

import { useEffect, useState } from "preact/hooks";

export default function CopyButton({ text }: { text: string }) {
  const [can, setCan] = useState(false);
  const [copied, setCopied] = useState(false);
  useEffect(() => setCan(navigator.clipboard !== undefined), []);
  if (!can) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCan(false));
  };
  return (
    <button type="button" class="button button-main" onClick={copy}>
      <span role="status">{copied ? "Copied" : "Copy"}</span>
    </button>
  );
}
