// Where decisions are made it is said what surveillance did not see.
import { useCounters } from "../api/use";
import { count } from "../format";
import { Link } from "../router";
import { useLanguage, useText } from "../text";

export function BlindNotice() {
  const t = useText();
  const language = useLanguage();
  const counters = useCounters();
  if (!counters) return null;
  return (
    <>
      {counters.alarms > 0 && (
        <p className="notice no-print" role="status">
          ⚠ {t("queue.alarms", { n: counters.alarms })} <Link to="/overview#alarms">{t("queue.blind.more")}</Link>
        </p>
      )}
      {counters.blind_spots + counters.gaps > 0 && (
        <p className="notice no-print">
          ◑ {t("queue.blind", { n: count(counters.blind_spots, language), gaps: count(counters.gaps, language) })}{" "}
          <Link to="/overview#blind">{t("queue.blind.more")}</Link>
        </p>
      )}
    </>
  );
}
