// Markets as they are: status, leverage, stress, and where the book is unknown.
import { useState } from "react";
import type { MarketItem } from "../api/types";
import { Link } from "../router";
import { useText, useWord } from "../text";
import { Act } from "../ui/decide";
import { Id, Ids, Num, Page } from "../ui/kit";
import { ListTable, usePages } from "../ui/list";
import { MeasureForm } from "../ui/measure_form";

export default function Markets() {
  const t = useText();
  const words = useWord();
  const asked = usePages("/v1/markets");
  const [about, setAbout] = useState<MarketItem>();
  const price = (value: string | undefined) => (value === undefined ? "–" : <Num value={value} />);
  return (
    <Page title={t("markets.title")}>
      <ListTable
        label={t("markets.title")}
        items={asked.items}
        asked={asked}
        keyOf={(each) => each.instrument_id}
        empty={t("markets.empty")}
        columns={[
          { name: t("instrument"), cell: (each) => <><strong>{each.instrument_id}</strong> <span className="quiet">{words("market.kind", each.kind)}</span></> },
          { name: t("market.status"), cell: (each) => <span className={each.status === "trading" ? "" : "warn"}>{t(`market.status.${each.status}`)}</span> },
          { name: t("market.last"), right: true, cell: (each) => price(each.last_price) },
          {
            name: t("market.index"),
            right: true,
            cell: (each) => (
              <>
                {price(each.index_price)} {each.index_status && each.index_status !== "ok" && <span className="tag warn">{words("market.index", each.index_status)}</span>}
              </>
            ),
          },
          { name: t("market.mark"), right: true, cell: (each) => price(each.mark_price) },
          { name: t("market.leverage"), right: true, cell: (each) => price(each.leverage_max) },
          { name: t("market.cap"), right: true, cell: (each) => price(each.leverage_cap) },
          { name: t("market.book"), cell: (each) => <span className={each.book === "gap" ? "warn" : "quiet"}>{each.book === "gap" ? "◑ " : ""}{t(`market.book.${each.book}`)}</span> },
          { name: t("nav.alerts"), right: true, cell: (each) => <Link to={`/alerts?instrument_id=${encodeURIComponent(each.instrument_id)}`}>{each.alerts}</Link> },
          { name: t("market.stress"), cell: (each) => (each.stress_alert_ids.length > 0 ? <Ids ids={each.stress_alert_ids} /> : "–") },
          { name: t("nav.measures"), cell: (each) => (each.measure_ids.length > 0 ? each.measure_ids.map((id) => <Id key={id} id={id} />) : "–") },
          {
            name: "",
            cell: (each) => <Act kind="propose" label="act.propose.short" denied={each.stress_alert_ids.length === 0 ? t("refusal.no_case") : undefined} onClick={() => setAbout(each)} />,
          },
        ]}
      />
      {about && (
        <MeasureForm
          alert={{ account_ids: [], instrument_id: about.instrument_id, alert_id: about.stress_alert_ids[0] }}
          onClose={() => setAbout(undefined)}
        />
      )}
    </Page>
  );
}
