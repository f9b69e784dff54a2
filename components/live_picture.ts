/**
 * The behaviour of the choice of a picture: see `islands/LivePicture.tsx`. The form stays what it is;
 * the image in its file field is replaced by a small one, and a radio button stands for it among the
 * others. Choosing another of them takes the file out of the field, choosing it again puts it back.
 */

/** Makes of an image what is sent; null for what this browser cannot read. */
export type Shrink = (image: File) => Promise<File | null>;

const UNREADABLE = "This image cannot be read. Choose a JPEG, PNG or WebP.";
const FAILED = "The image could not be made ready. Choose it again.";

/** Follows the field until the answer is called. */
export function followPicture(field: HTMLElement, shrink: Shrink): () => void {
  const input = field.querySelector<HTMLInputElement>("input[type=file]")!;
  const state = field.querySelector("[data-picture-state]")!;
  const choice = new Choice(field, input);
  const work = new Work();

  const choose = () => {
    const image = input.files?.[0];
    if (!image) return choice.settle(); // the browser emptied it, as nothing else was chosen
    input.value = ""; // until it is small it is not sent
    state.textContent = "The image is being made ready…";
    work.begin(shrink(image), (small) => {
      choice.take(small);
      state.textContent = "The image is ready.";
    }, (problem) => {
      choice.settle();
      state.textContent = problem;
    });
  };
  const onChange = ({ target }: Event) => {
    if (target === input) return choose();
    if (work.running) {
      work.drop();
      state.textContent = "";
    }
    choice.settle();
  };
  const onSubmit = (event: SubmitEvent) => {
    const { running } = work;
    if (!running) return;
    event.preventDefault();
    const { submitter } = event;
    void running.then((isReady) => isReady && input.form?.requestSubmit(submitter));
  };
  const { form } = input;
  field.addEventListener("change", onChange);
  form?.addEventListener("submit", onSubmit);
  choose(); // before this ran
  return () => {
    work.drop();
    choice.drop();
    field.removeEventListener("change", onChange);
    form?.removeEventListener("submit", onSubmit);
  };
}

/** One image at a time is made ready; what comes of an earlier one is not looked at. */
class Work {
  /** Whether it became ready. */
  running: Promise<boolean> | null = null;
  #turn = 0;

  begin(
    work: Promise<File | null>,
    ready: (small: File) => void,
    failed: (problem: string) => void,
  ): void {
    const turn = ++this.#turn;
    const end = (tell: () => void) => {
      if (turn !== this.#turn) return false;
      tell();
      this.drop();
      return true;
    };
    this.running = work.then(
      (small) => end(() => small ? ready(small) : failed(UNREADABLE)) && small !== null,
      () => end(() => failed(FAILED)) && false,
    );
  }

  drop(): void {
    this.#turn++;
    this.running = null;
  }
}

/** The image that was chosen, and its radio button. */
class Choice {
  #field: HTMLElement;
  #input: HTMLInputElement;
  #image: File | null = null;
  #tile: HTMLElement | null = null;

  constructor(field: HTMLElement, input: HTMLInputElement) {
    this.#field = field;
    this.#input = input;
  }

  take(image: File): void {
    this.drop();
    this.#image = image;
    const pattern = this.#field.querySelector<HTMLTemplateElement>("template")!;
    this.#tile = pattern.content.firstElementChild!.cloneNode(true) as HTMLElement;
    this.#tile.querySelector("img")!.src = URL.createObjectURL(image);
    pattern.parentElement!.prepend(this.#tile);
    this.#tile.querySelector("input")!.checked = true; // which unchecks the others
    this.settle();
  }

  drop(): void {
    const picture = this.#tile?.querySelector("img");
    if (picture) URL.revokeObjectURL(picture.src);
    this.#tile?.remove();
    this.#tile = null;
    this.#image = null;
  }

  /** The field has the file while its button is the chosen one. */
  settle(): void {
    if (!this.#image) return;
    const other = this.#field.querySelector<HTMLInputElement>("input[name=emoji]")!;
    const isChosen = this.#tile!.querySelector("input")!.checked;
    if (!isChosen) this.#input.value = "";
    else if (this.#input.files?.[0] !== this.#image) {
      const files = new DataTransfer();
      files.items.add(this.#image);
      this.#input.files = files.files;
      other.value = "";
    } else if (other.value.trim() !== "") { // an emoji was typed instead
      this.#tile!.querySelector("input")!.checked = false;
      this.#input.value = "";
    }
  }
}
