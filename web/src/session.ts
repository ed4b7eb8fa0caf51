// Who is at the console, and what they may do there.
import { createContext, useContext } from "react";
import { type DecisionKind, type Role, type Session, decisionRoles } from "./api/types";

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session");
  return session;
}

export const rolesFor = (kind: DecisionKind): readonly Role[] => decisionRoles[kind];
export const useMay = (kind: DecisionKind) => rolesFor(kind).includes(useSession().role);
