/** Import it where the server renders the chat: what only it draws, or draws at once. */

import "./files/server_files.ts";
import { server } from "./ListHeader.tsx";
import { ListTools } from "./ListTools.tsx";

server.tools = ListTools;
