/**
 * The demo's groups: who is in them, what happens to them meanwhile, and how much of them the
 * viewer has not read. Their texts are in `conversations/`, like those of two people.
 */

import { DEMO_PEOPLE } from "./people.ts";
import type { Scene } from "./pictures.ts";

/** Something that happens to a group right before one of its lines. */
export interface DemoChange {
  /** The line's number, from 0. */
  before: number;
  /** Username of who does it. */
  by: string;
  what: { add: string } | { promote: string } | { rename: string } | {
    /** The number of the line that is pinned. */
    pin: number;
  };
}

/** A group of the demo. */
export interface DemoGroup {
  /** Name of the transcript. */
  file: string;
  name: string;
  picture?: string;
  /** In place of an emoji; drawn here. */
  image?: Scene;
  /** Usernames, the owner first. */
  people: readonly string[];
  public?: true;
  changes?: readonly DemoChange[];
  /** Messages at the end that the viewer has not read; `null`: the viewer is not in it. */
  unread: number | null;
}

const QUAY: Scene = {
  width: 192,
  height: 192,
  sky: [[74, 134, 190], [250, 214, 170]],
  sea: [44, 92, 120],
  sun: [0.3, 0.34],
  boats: [0.66],
};

export const DEMO_GROUPS: readonly DemoGroup[] = [
  {
    file: "group_signs",
    name: "Signs, signs, signs",
    picture: "⚓",
    people: ["ada", "tomas", "siobhan", "zoe", "jonas"],
    changes: [
      { before: 7, by: "ada", what: { rename: "Harbour signs" } },
      { before: 14, by: "ada", what: { promote: "tomas" } },
      { before: 19, by: "tomas", what: { add: "priya" } },
      { before: 26, by: "tomas", what: { pin: 25 } },
    ],
    unread: 2,
  },
  {
    file: "group_quay",
    name: "Everyone on the quay",
    image: QUAY,
    people: ["siobhan", ...DEMO_PEOPLE.map(({ username }) => username)],
    public: true,
    unread: 3,
  },
  {
    file: "group_sourdough",
    name: "Sourdough & patience",
    picture: "🍞",
    people: ["lucia", "yael", "khai", "qq"],
    public: true,
    unread: null,
  },
];
