// Where decisions are made it is said what surveillance did not see.
import { useCounters } from "../api/use";
import { Link } from "../router";
import { useText } from "../text";

export function BlindNotice() {
  const t = useText();
  const counters = useCounters();
  if (!counters || counters.blind_spots + counters.gaps === 0) return null;
  return (
    <p className="notice no-print">
      ◑ {t("queue.blind", { n: counters.blind_spots, gaps: counters.gaps })}{" "}
      <Link to="/overview#blind">{t("queue.blind.more")}</Link>
    </p>
  );
}
