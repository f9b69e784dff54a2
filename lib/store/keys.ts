/**
 * Every key that Parley writes to Deno KV: shape, value, lifetime and writer. Only `lib/store`
 * uses these, so this page is the whole database.
 *
 * A *log* is a head and numbered entries. The head is the doorbell that instances watch; the
 * entries are the truth. Rooms, people and instances each have one (see `logs.ts`).
 */

/** What a log belongs to: a room's events, a person's notes, an instance's presence, the site's news. */
export type Topic = readonly ["room" | "user" | "instance" | "site", string];

export const keys = {
  // Accounts; written by accounts.ts, never expire.
  /** → `UserRecord` */
  user: (id: string) => ["user", id],
  /** Folded username → user id; makes usernames unique. */
  username: (folded: string) => ["username", folded],
  /** → PHC string of the password; absent for people who sign in elsewhere. */
  password: (id: string) => ["password", id],
  /** Account at a sign-in provider → user id. */
  identity: (provider: string, subject: string) => ["identity", provider, subject],
  /** Everyone in the order of folded names → `Person`. */
  people: () => ["people"],
  person: (foldedName: string, id: string) => ["people", foldedName, id],
  /** Everyone by each word of their names, for filters → `Person`. */
  peopleTerms: () => ["people_term"],
  personTerm: (term: string, foldedName: string, id: string) => [
    "people_term",
    term,
    foldedName,
    id,
  ],

  /** What a person has set → `Settings`; written by settings.ts. */
  settings: (userId: string) => ["settings", userId],

  // Sessions; written by sessions.ts, expire 30 days after their last use.
  /** SHA-256 of the cookie's token → `SessionRecord`. */
  session: (hash: string) => ["session", hash],
  /** A person's sessions, to list and revoke → `{ createdAt }`. */
  userSessions: (userId: string) => ["user_session", userId],
  userSession: (userId: string, hash: string) => ["user_session", userId, hash],

  // Rooms; written by rooms.ts and groups.ts, never expire.
  /** → `RoomRecord` */
  room: (id: string) => ["room", id],
  /** The one direct room of two people, ids in order → room id. */
  direct: (a: string, b: string) => ["direct", a, b],
  /** A group's image → `GroupImage`; written and removed with the record that names it. */
  groupImage: (roomId: string) => ["group_image", roomId],
  /** A person's rooms → `Membership`; removed with the membership. */
  userRooms: (userId: string) => ["user_room", userId],
  userRoom: (userId: string, roomId: string) => ["user_room", userId, roomId],
  /** Person and client-made id of a `create` → id of the group; expires after a day. */
  created: (userId: string, id: string) => ["created", userId, id],
  /** Token of a group's link → room id; removed when the link is. */
  link: (token: string) => ["link", token],
  /** Public groups in the order of folded names → `PublicRoom`; written with the record. */
  publicRooms: () => ["public_room"],
  publicRoom: (foldedName: string, id: string) => ["public_room", foldedName, id],

  // Messages; written by commits.ts, never expire.
  /**
   * Room, author and client-made id → `Ack` of the first commit, of an id that came later than many
   * greater ones, see dedupe.ts. The id comes first because it begins with the time: what is stored
   * together lies together.
   */
  sent: (roomId: string, by: string, id: string) => ["sent", id, roomId, by],
  /** How far ids had come at places of a room's log, the greatest and its `seq` → 1; see dedupe.ts. */
  landmarks: (roomId: string) => ["landmark", roomId],
  landmarksFrom: (roomId: string, id: string) => ["landmark", roomId, id],
  landmark: (roomId: string, id: string, seq: number) => ["landmark", roomId, id, seq],
  /** The first text of a message that was edited → `FirstText`; removed with the message. */
  original: (roomId: string, seq: number) => ["original", roomId, seq],
  /** Messages deleted for everyone → `{ by, seq }`: whose, and the deletion; they are not unread. */
  gone: (roomId: string, seq: number) => ["gone", roomId, seq],
  /** Messages that mention a person, by room → 1; removed with the mention. */
  mentionsIn: (userId: string, roomId: string) => ["mention", userId, roomId],
  mention: (userId: string, roomId: string, seq: number) => ["mention", userId, roomId, seq],
  /** The same in the order of time, by when the message was posted → 1. */
  mentionList: (userId: string) => ["mention_list", userId],
  mentionAt: (userId: string, at: number, roomId: string, seq: number) => [
    "mention_list",
    userId,
    at,
    roomId,
    seq,
  ],
  /** Messages that mention everyone in a room → `{ by, at }`: whose, and when it was posted. */
  mentionsOfAll: (roomId: string) => ["mention_all", roomId],
  mentionOfAll: (roomId: string, seq: number) => ["mention_all", roomId, seq],
  /** Messages that are pinned in a room, at most `MAX_PINS` → `PinRecord`; removed with the pin. */
  pins: (roomId: string) => ["pin", roomId],
  pin: (roomId: string, seq: number) => ["pin", roomId, seq],
  /** A person's read pointer → `ReadRecord`; written by reads.ts. */
  read: (userId: string, roomId: string) => ["read", userId, roomId],

  // Files; written by uploads.ts, files.ts, file_sweep.ts, and uses by commits.ts.
  /** An upload, then the file it became → `FileRecord`; removed with its last use. */
  file: (id: string) => ["file", id],
  /** What a person's uploads and files take → `StorageRecord`; written with each change of them. */
  storage: (userId: string) => ["storage", userId],
  /** Messages that show a file → 1; removed in the commit that deletes the message. */
  fileUses: (id: string) => ["file_use", id],
  fileUsesIn: (id: string, roomId: string) => ["file_use", id, roomId],
  fileUse: (id: string, roomId: string, seq: number) => ["file_use", id, roomId, seq],
  /** Uploads in the order in which they expire → 1; removed by the sweep. */
  dueUploads: () => ["upload_due"],
  dueUpload: (expiresAt: number, id: string) => ["upload_due", expiresAt, id],
  /** Files that lost a use and may have none left → 1; removed by the sweep. */
  looseFiles: () => ["loose_file"],
  looseFile: (id: string) => ["loose_file", id],
  /** Content by SHA-256 → `BlobRecord`; written with each change of its uses, so they can be checked. */
  blob: (hash: string) => ["blob", hash],
  /** Files with this content → 1. */
  blobUses: (hash: string) => ["blob_use", hash],
  blobUse: (hash: string, fileId: string) => ["blob_use", hash, fileId],
  /** Bytes below a blob that nothing points at → `TrashRecord`; removed by the sweep, after them. */
  trashes: () => ["trash"],
  trash: (blobId: string) => ["trash", blobId],
  /** The same once they were removed, in the order in which it is looked at them once more. */
  emptied: () => ["emptied"],
  emptiedAt: (due: number, blobId: string) => ["emptied", due, blobId],
  /** Pieces of a blob that are kept here → their bytes' number; written by kv_blobs.ts. */
  pieces: (blobId: string) => ["piece", blobId],
  piece: (blobId: string, name: string) => ["piece", blobId, name],
  /** The bytes of a piece, 60 KiB in each. */
  chunk: (blobId: string, piece: string, n: number) => ["chunk", blobId, piece, n],
  /** What a person began to write in a room → `RoomDraft`; written by room_drafts.ts. */
  drafts: (userId: string) => ["draft", userId],
  draft: (userId: string, roomId: string) => ["draft", userId, roomId],
  /** How far a room's events were handed to a member's devices → `KvU64`; written by receipts.ts. */
  delivered: (roomId: string, userId: string) => ["delivered", roomId, userId],
  /** What a person set for a room → `StoredFlags`, absent for nothing; written by flags.ts. */
  flags: (userId: string) => ["flag", userId],
  flag: (userId: string, roomId: string) => ["flag", userId, roomId],
  // Saved messages, a person's own; written by saved.ts, never expire.
  /** How many a person saved, and the number of the last one → `SavedTally`. */
  savedTally: (userId: string) => ["saved_tally", userId],
  /** A saved message → its number, by which they are in order. */
  savedIn: (userId: string, roomId: string) => ["saved", userId, roomId],
  saved: (userId: string, roomId: string, seq: number) => ["saved", userId, roomId, seq],
  /** In the order of saving → `SavedRecord`. */
  savedList: (userId: string) => ["saved_list", userId],
  savedAt: (userId: string, number: number) => ["saved_list", userId, number],

  // Logs; the head of a room is a `RoomHead`, other heads hold at least `{ seq }`.
  /** The watched doorbell of a log. */
  head: (topic: Topic) => ["head", ...topic],
  /** One entry. A room's are for ever, a message's as it is now; a person's last a week, others minutes. */
  entry: (topic: Topic, seq: number) => ["log", ...topic, seq],
  entries: (topic: Topic) => ["log", ...topic],

  // Search; written by search_index.ts from the rooms' logs, and could be made anew from them.
  /** How far a room's index is → `SearchHead`. */
  searchHead: (roomId: string) => ["search", roomId],
  /** A run of a room's messages from `first` on, folded → `StoredBlock`; without deleted texts. */
  searchBlock: (roomId: string, first: number) => ["search_block", roomId, first],
  /** Rooms where a text was edited or deleted that may be in the index → 1; set by commits.ts. */
  searchMarks: () => ["search_mark"],
  searchMark: (roomId: string) => ["search_mark", roomId],

  // Presence; written by presence.ts.
  /** Running instances → `{ startedAt }`; removed at stop, or by another instance after a crash. */
  instances: () => ["instance"],
  instance: (id: string) => ["instance", id],
  /** Bumped when an instance comes or goes; watched by all. */
  fleet: () => ["fleet"],
  /** People with a live socket at an instance → 1; removed with the last socket or the instance. */
  onlines: (instanceId: string) => ["online", instanceId],
  online: (instanceId: string, userId: string) => ["online", instanceId, userId],
  /** When a person's last socket closed → epoch ms. */
  seen: (userId: string) => ["seen", userId],

  // Notifications; written by vapid.ts, push_devices.ts, pushed.ts and attention.ts.
  /** The site's key pair for push services → `VapidKeys`; never expires. */
  vapid: () => ["vapid"],
  /** A person's devices → `PushDevice[]`. */
  pushDevices: (userId: string) => ["push_devices", userId],
  /** People who have a device → 1. */
  pushPeople: () => ["push_person"],
  pushPerson: (userId: string) => ["push_person", userId],
  /** SHA-256 of an endpoint → id of the person whose device it is. */
  pushEndpoint: (hash: string) => ["push_endpoint", hash],
  /** SHA-256 of the endpoint of a device that its person removed → 1; 90 days. */
  pushRemoved: (hash: string) => ["push_removed", hash],
  /** The newest message of a room that a push told a person of → `PushedMark`; a day. */
  pushedOf: (userId: string) => ["pushed", userId],
  pushed: (userId: string, roomId: string) => ["pushed", userId, roomId],
  /** People who look at Parley, by instance → 1; a day at most, and while the instance's lease holds. */
  attentionOf: (userId: string) => ["attention", userId],
  attention: (userId: string, instanceId: string) => ["attention", userId, instanceId],

  /** Token bucket of a rate limit → `{ tokens, at }`; expires once it would be full. */
  bucket: (name: string, subject: string) => ["bucket", name, subject],
} satisfies Record<string, (...parts: never[]) => Deno.KvKey>;
