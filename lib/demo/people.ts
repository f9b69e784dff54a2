/**
 * The demo's people. Their names are what a list must bear: several scripts and directions, one
 * letter, sixty letters, one endless word, an emoji.
 */

/** A demo person. */
export interface DemoPerson {
  username: string;
  name: string;
  /** Minutes since they were last there; absent for those who never were. */
  awayMin?: number;
}

/** Everyone's password. It is no secret: the demo's database is thrown away. */
export const DEMO_PASSWORD = "harbour-soup";

/** The person to sign in as. */
export const DEMO_VIEWER = "ada";

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { username: DEMO_VIEWER, name: "Ada Okafor", awayMin: 25 },
  { username: "tomas", name: "Tomáš Dvořák", awayMin: 2 },
  { username: "layla", name: "ليلى حدّاد", awayMin: 31 },
  { username: "noam", name: "נועם ברק", awayMin: 300 },
  { username: "美咲", name: "佐藤 美咲", awayMin: 236 },
  { username: "priya", name: "प्रिया शर्मा", awayMin: 2_000 },
  { username: "weilin", name: "陈伟霖", awayMin: 1_100 },
  { username: "somchai", name: "สมชาย ใจดี" },
  { username: "jonas", name: "Jonas Weiß", awayMin: 1_400 },
  { username: "lucia", name: "Lucía Fernández Ortega", awayMin: 95 },
  { username: "siobhan", name: "Siobhán Ní Bhriain", awayMin: 280 },
  { username: "zoe", name: "Zoë 🌻", awayMin: 11 },
  { username: "captain", name: "Donaudampfschifffahrtskapitänsmützenband", awayMin: 9_000 },
  { username: "qq", name: "Q", awayMin: 14_000 },
  {
    username: "maria-antonia",
    name: "Maria Antónia Guilhermina de Albuquerque Cavalcanti Vasconcelos",
  },
  { username: "khai", name: "Nguyễn Thị Minh Khai", awayMin: 45_000 },
  { username: "yael", name: "Yael (יעל) Cohen", awayMin: 720 },
];
