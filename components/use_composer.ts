/** The behaviour of the composer's form: sending, drafts, keys, growth and focus. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { newMessageId } from "../lib/chat/message_ids.ts";
import { countChars } from "../lib/chat/text.ts";
import { MAX_TEXT_CHARS } from "../lib/chat/limits.ts";
import type { RoomModel } from "./models.ts";

interface ComposerOptions {
  draft: RoomModel["draft"];
  onSend(text: string): boolean | void;
  onTyping?(): void;
  onEscape?(): void;
}

/** The component must be keyed by the room. */
export function useComposer({ draft, onSend, onTyping, onEscape }: ComposerOptions) {
  const field = useRef<HTMLTextAreaElement>(null);
  // Only the form without JavaScript posts it.
  const formId = useMemo(newMessageId, []);
  const initial = useMemo(() => draft.text.peek(), []);
  const [length, setLength] = useState(0);

  function measure(text: string): void {
    // Code points are at most UTF-16 units: far below the limit there is nothing to count.
    setLength(text.length < MAX_TEXT_CHARS / 2 ? text.length : countChars(text));
    grow(field.current!);
  }

  useLayoutEffect(() => {
    const node = field.current!;
    // What was typed before hydration stays.
    if (node.value !== initial) draft.typed(node.value);
    const stop = draft.text.subscribe((text) => {
      if (node.value !== text) node.value = text;
      measure(text);
    });
    if (document.activeElement === node) draft.focus(true); // since before hydration
    else if (!isTouch() && isFocusFree()) node.focus();
    return () => {
      stop();
      draft.focus(false);
    };
  }, []);

  function send(): void {
    const node = field.current!;
    if (countChars(node.value.trim()) > MAX_TEXT_CHARS) return;
    if (onSend(node.value) === false) return;
    draft.sent();
    node.focus();
  }

  return {
    field,
    formId,
    initial,
    length,
    onFocus: () => draft.focus(true),
    onBlur: () => draft.focus(false),
    onInput() {
      const { value } = field.current!;
      draft.typed(value);
      if (value.trim() !== "") onTyping?.();
    },
    onSubmit(event: SubmitEvent) {
      event.preventDefault();
      send();
    },
    onKeyDown(event: KeyboardEvent) {
      // An input method's Enter picks a word; Safari says so only by the key code 229.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape" && onEscape) {
        event.preventDefault();
        return onEscape();
      }
      if (event.key !== "Enter" || event.shiftKey || event.altKey || isTouch()) return;
      event.preventDefault();
      send();
    },
  };
}

/** Nothing holds the focus but what has just led here. */
function isFocusFree(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches("[data-row],#filter");
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** Browsers without `field-sizing` are told the height; the stylesheet holds the maximum. */
function grow(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
