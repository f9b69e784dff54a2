/** The client models' types under short names, so that views need only types of `lib/client`. */

import type { ChatModel } from "../lib/client/chat_model.ts";

export type { ChatModel };
/** One room as the browser holds it. */
export type RoomModel = ChatModel["rooms"]["value"][number];
/** A message on screen: stored, on its way, or failed. */
export type Entry = RoomModel["entries"]["value"][number];
/** How far an own message has come. */
export type Reach = ReturnType<RoomModel["receipts"]["reach"]>;
/** The filterable list of people. */
export type PeopleModel = ChatModel["people"];
/** Who anybody is. */
export type PeopleDirectory = ChatModel["directory"];
/** How the socket is doing. */
export type Connection = ChatModel["connection"]["value"];
/** A file of a message that is on its way. */
export type PendingFile = NonNullable<Entry["uploads"]>[number];
/** The door to the files on their way. */
export type FilesModel = RoomModel["files"];
/** The files on their way. */
export type FileDesk = NonNullable<FilesModel["desk"]["value"]>;
/** A voice note before it is sent. */
export type Recording = Parameters<FileDesk["voice"]>[0];
/** A file with how far it has come. */
export type Tracked = ReturnType<FileDesk["staged"]>["value"][number];
