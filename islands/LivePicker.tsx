/**
 * Makes a form's picker of people follow what is typed and ticked. It asks for the page that the
 * form's "Find" would show and takes the picker's parts from it, so nothing is drawn twice in two
 * ways. In the field Enter ticks the first who is found, Backspace unticks the last who was chosen,
 * and arrow keys walk through the people.
 */

import { useEffect, useRef } from "preact/hooks";
import { followPicker } from "../components/live_picker.ts";

export default function LivePicker() {
  const here = useRef<HTMLSpanElement>(null);
  useEffect(() => followPicker(here.current!.closest<HTMLElement>("[data-picker]")!), []);
  return <span ref={here} hidden />;
}
