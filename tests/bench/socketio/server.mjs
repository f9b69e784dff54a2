/**
 * The yardstick: a plain Socket.IO server that stores each message in SQLite, one transaction for
 * each, and then emits it to the room. No accounts, no validation, no dedupe. Run by Node in the
 * folder where its packages are: `node server.mjs PORT DATABASE FULL|NORMAL`.
 */

import { createServer } from "node:http";
import { createRequire } from "node:module";
import process from "node:process";

const require = createRequire(`${process.cwd()}/`);
const { Server } = require("socket.io");
const Database = require("better-sqlite3");

const [port, path, synchronous] = process.argv.slice(2);
const db = new Database(path);
db.pragma("journal_mode = WAL");
db.pragma(`synchronous = ${synchronous}`);
db.exec(`CREATE TABLE message (
  seq INTEGER PRIMARY KEY, room TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
  at INTEGER NOT NULL
); CREATE INDEX message_of_room ON message (room, seq);`);
const insert = db.prepare("INSERT INTO message (room, author, text, at) VALUES (?, ?, ?, ?)");

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
io.on("connection", (socket) => {
  const { user, room } = socket.handshake.query;
  socket.join(room);
  socket.on("post", ({ room, id, text }, ack) => {
    if (!socket.rooms.has(room)) return;
    const at = Date.now();
    const seq = Number(insert.run(room, user, text, at).lastInsertRowid);
    ack({ seq, at });
    io.to(room).emit("posted", { room, seq, at, by: user, id, text });
  });
});
http.listen(Number(port), "127.0.0.1");
