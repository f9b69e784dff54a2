/** What happens when: a binary heap by time, first come first served at the same time. */

import type { Owner } from "./world.ts";

/** Something that will happen. */
export interface Task {
  at: number;
  order: number;
  owner: Owner;
  run: (() => void) | null;
}

export class EventQueue {
  #heap: Task[] = [];

  get first(): Task | undefined {
    return this.#heap[0];
  }

  get all(): readonly Task[] {
    return this.#heap;
  }

  push(task: Task): void {
    const heap = this.#heap;
    let i = heap.push(task) - 1;
    for (let up = (i - 1) >> 1; i > 0 && isBefore(task, heap[up]); up = (i - 1) >> 1) {
      heap[i] = heap[up];
      i = up;
    }
    heap[i] = task;
  }

  pop(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(task: Task): void {
    const heap = this.#heap;
    let i = 0;
    for (let down = 1; down < heap.length; down = 2 * i + 1) {
      if (down + 1 < heap.length && isBefore(heap[down + 1], heap[down])) down++;
      if (!isBefore(heap[down], task)) break;
      heap[i] = heap[down];
      i = down;
    }
    heap[i] = task;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || a.at === b.at && a.order < b.order;
}
