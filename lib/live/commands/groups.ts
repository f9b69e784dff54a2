/** Commands about groups. */

import { NotFoundError } from "../../chat/errors.ts";

function absent(): Promise<void> {
  return Promise.reject(new NotFoundError("There are no groups yet."));
}

export {
  absent as add,
  absent as browse,
  absent as configure,
  absent as create,
  absent as join,
  absent as leave,
  absent as link,
  absent as members,
  absent as remove,
  absent as role,
};
