// Decisions as they were taken or refused, with the reasons that people gave.
import type { Outcome } from "../api/types";
import { useText, useWord } from "../text";
import { Time } from "./kit";

export function Outcomes({ outcomes }: { outcomes: Outcome[] }) {
  const t = useText();
  const words = useWord();
  if (outcomes.length === 0) return <p className="quiet">{t("none")}</p>;
  return (
    <ul className="timeline">
      {outcomes.map((outcome) => (
        <li key={outcome.seq} className={outcome.result === "refused" ? "refused" : ""}>
          <Time ns={outcome.ts} only="second" /> <strong>{outcome.user_id}</strong> {words("decision", outcome.kind)}
          {outcome.result === "refused" && (
            <span className="warn">
              {" "}
              ✕ {outcome.reason ? words("refusal", outcome.reason) : t("audit.refused")} {outcome.field && `(${outcome.field})`}
            </span>
          )}
          {outcome.said && <p>{outcome.said}</p>}
        </li>
      ))}
    </ul>
  );
}
