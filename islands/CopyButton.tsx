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
    <>
      <button type="button" class="button button-main" onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
      <span class="sr-only" role="status">{copied && "It is copied."}</span>
    </>
  );
}
