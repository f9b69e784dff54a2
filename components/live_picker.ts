/** The picker's behaviour: see `islands/LivePicker.tsx`. Everything here works on the page's DOM. */

/** Milliseconds without typing before people are asked for. */
const DEBOUNCE_MS = 150;
const PARTS = ["chosen", "count", "offered"];

/** Follows a picker until the answer is called. */
export function followPicker(picker: HTMLElement): () => void {
  const find = picker.querySelector<HTMLButtonElement>("[data-find]")!;
  const field = picker.querySelector<HTMLInputElement>("input[type=search]")!;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = new AbortController();
  find.hidden = true;
  find.type = "button"; // or Enter in the other fields would press it

  const ask = async () => {
    asked = new AbortController();
    try {
      await refresh(picker, find, asked.signal);
    } catch {
      if (!asked.signal.aborted) tell(picker, "People could not be loaded. Type on to try again.");
    }
  };
  const askSoon = (ms: number) => {
    asked.abort(); // its answer would untick what was ticked since
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  };
  const onInput = ({ target }: Event) => {
    if (target === field) askSoon(DEBOUNCE_MS);
    else if (target instanceof HTMLInputElement && target.name === "person") askSoon(0);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.target !== field) return walk(picker, event);
    if (event.key === "Enter") event.preventDefault(); // it would send the form
    const box = event.key === "Enter" && field.value.trim() !== ""
      ? boxesIn(picker, "offered")[0]
      : event.key === "Backspace" && field.value === ""
      ? boxesIn(picker, "chosen").at(-1)
      : undefined;
    if (!box) return walk(picker, event);
    box.checked = !box.checked;
    if (event.key === "Enter") field.value = "";
    askSoon(0);
  };
  picker.addEventListener("input", onInput);
  picker.addEventListener("keydown", onKey);
  return () => {
    clearTimeout(timer);
    asked.abort();
    picker.removeEventListener("input", onInput);
    picker.removeEventListener("keydown", onKey);
  };
}

/** Takes the parts from the page that "Find" leads to; the focus stays with its box. */
async function refresh(
  picker: HTMLElement,
  find: HTMLButtonElement,
  signal: AbortSignal,
): Promise<void> {
  const fields = new FormData(find.form!);
  const query = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));
  const response = await fetch(`${find.getAttribute("formaction")}?${query}`, { signal });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-picker]");
  if (!response.ok || !fresh) throw new Error(`Finding people failed with ${response.status}`);
  const active = document.activeElement;
  const value = active instanceof HTMLInputElement && active.name === "person"
    ? active.value
    : null;
  for (const part of PARTS) {
    partOf(picker, part).replaceChildren(...partOf(fresh, part).childNodes);
  }
  if (value !== null) refocus(picker, value);
}

/** To the same person's box, wherever it is now. */
function refocus(picker: HTMLElement, value: string): void {
  const box = picker.querySelector<HTMLElement>(`input[name=person][value="${CSS.escape(value)}"]`);
  (box ?? picker.querySelector<HTMLElement>("input[type=search]"))?.focus();
}

/** From the field into the people, from one to the next, and back. */
function walk(picker: HTMLElement, event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const field = picker.querySelector<HTMLElement>("input[type=search]")!;
  const stops = [field, ...boxesIn(picker, "offered")];
  const next = stops[stops.indexOf(event.target as HTMLElement) + step];
  if (!next || !stops.includes(event.target as HTMLElement)) return;
  event.preventDefault();
  next.focus();
}

function boxesIn(picker: HTMLElement, part: string): HTMLInputElement[] {
  return [...partOf(picker, part).querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
}

function partOf(picker: Element, part: string): Element {
  return picker.querySelector(`[data-part="${part}"]`)!;
}

function tell(picker: HTMLElement, words: string): void {
  partOf(picker, "count").textContent = words;
}
