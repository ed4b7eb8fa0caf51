// Who is at the console, and what they may do there.
import { createContext, useContext } from "react";
import { type DecisionKind, type GetAnswers, type Role, type Session, decisionRoles, readRoles } from "./api/types";

export const SessionContext = createContext<Session | undefined>(undefined);

// Asks who is here again: after what changes oneself.
export const RenewSession = createContext<() => void>(() => {});

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session");
  return session;
}

export const rolesFor = (kind: DecisionKind): readonly Role[] => decisionRoles[kind];
export const mayRead = (role: Role, path: keyof GetAnswers) => readRoles[path]?.includes(role) ?? true;
export const useMay = (kind: DecisionKind) => rolesFor(kind).includes(useSession().role);
