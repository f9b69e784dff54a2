/** Import it where the server renders rooms: there the files of messages are drawn at once. */

import { Attachments } from "./Attachments.tsx";
import { server } from "./FilesSlot.tsx";

server.view = Attachments;
