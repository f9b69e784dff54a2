/**
 * The outbox's store in IndexedDB: a database an account, so that another account on the same
 * browser neither sees nor sends its messages. The database is opened when it is first used. Files
 * are kept with their message where they fit; where not, the message is kept without their bytes.
 */

import type { OutboxEntry, OutboxStore } from "./outbox_shelf.ts";

const ENTRIES = "entries";

/** The store of the account with this id. */
export function browserOutboxStore(account: string): OutboxStore {
  let opening: Promise<IDBDatabase> | null = null;
  const run = async <T>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ) => {
    opening ??= openDatabase(`parley-outbox-${account}`);
    const database = await opening;
    const transaction = database.transaction(ENTRIES, mode);
    const request = act(transaction.objectStore(ENTRIES));
    await settled(transaction);
    return request.result;
  };
  return {
    load: () => run<OutboxEntry[]>("readonly", (store) => store.getAll()),
    async put(entry) {
      const put = (entry: OutboxEntry) => run("readwrite", (store) => store.put(entry));
      if (entry.files) await put(entry).catch(() => put(withoutBytes(entry)));
      else await put(entry);
    },
    remove: async (room, id) => void await run("readwrite", (store) => store.delete([room, id])),
  };
}

function withoutBytes(entry: OutboxEntry): OutboxEntry {
  return { ...entry, files: entry.files?.map(({ blob: _, ...file }) => file) };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = globalThis.indexedDB.open(name, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(ENTRIES, { keyPath: ["room", "id"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves once the transaction is durable in the database. */
function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
