import type { HubMember, WholeHub } from "../../core/domain/hub";
import { AppError } from "../../core/errors";

/** A member of a hub by its id. @throws AppError `storage/missing`. */
export function memberOf({ hub, members }: WholeHub, id: string): HubMember {
  const found = members.find((member) => member.id === id);
  if (!found) throw new AppError("storage/missing", `member ${id} of “${hub.name}”`);
  return found;
}
