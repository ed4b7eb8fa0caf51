// Cases: what is open, what is mine, what is due.
import type { Case } from "../api/types";
import { useCounters } from "../api/use";
import { secondsBetween, span } from "../format";
import { go, useQuery } from "../router";
import { useSession } from "../session";
import { useDetectorName, useText } from "../text";
import { Id, Ids, Page, SeverityMark, State, Time } from "../ui/kit";
import { ListTable, usePages } from "../ui/list";
import { Tabs } from "../ui/tabs";

export function Due({ of, open }: { of: Case; open: boolean }) {
  const t = useText();
  const counters = useCounters();
  if (!counters || !open) return <Time ns={of.due_ts} only="second" />;
  const left = secondsBetween(counters.clock_ts, of.due_ts);
  return (
    <span className={left < 0 ? "warn" : ""}>
      <Time ns={of.due_ts} only="day" />{" "}
      <span className={left < 0 ? "" : "quiet"}>
        {left < 0 ? t("case.overdue", { span: span(left) }) : t("case.in", { span: span(left) })}
      </span>
    </span>
  );
}

export default function Cases() {
  const t = useText();
  const session = useSession();
  const detectorName = useDetectorName();
  const [query, set] = useQuery();
  const view = query.get("view") ?? "open";
  const asked = usePages("/v1/cases", {}, {
    open: view === "all" ? undefined : true,
    assignee_id: view === "mine" ? session.user_id : undefined,
    account_id: query.get("account_id") ?? undefined,
    sort: "due_ts",
  });
  return (
    <Page title={t("cases.title")}>
      <Tabs
        label={t("cases.title")}
        value={view}
        options={[["open", t("cases.open")], ["mine", t("cases.mine")], ["all", t("all")]]}
        choose={(next) => set({ view: next === "open" ? undefined : next })}
      />
      <ListTable
        label={t("cases.title")}
        items={asked.items}
        asked={asked}
        keyOf={(each) => each.case_id}
        open={(each) => go(`/cases/${each.case_id}`)}
        empty={t("cases.empty")}
        columns={[
          { name: t("severity"), cell: (each) => <SeverityMark severity={each.severity} /> },
          { name: t("case"), cell: (each) => <Id id={each.case_id} /> },
          { name: t("case.breaches"), cell: (each) => each.breaches.map((breach) => `${detectorName(breach.detector)} ${breach.clause}`).join(", "), className: "wide" },
          { name: t("accounts"), cell: (each) => (each.group_ids.length > 0 ? <Ids ids={each.group_ids} most={1} /> : <Ids ids={each.account_ids} most={1} account />) },
          { name: t("nav.alerts"), right: true, cell: (each) => <span className="num">{each.alert_ids.length}</span> },
          { name: t("nav.measures"), right: true, cell: (each) => <span className="num">{each.measure_ids.length}</span> },
          { name: t("case.due"), cell: (each) => <Due of={each} open={!each.state.startsWith("closed") && each.state !== "merged"} /> },
          { name: t("case.assignee"), cell: (each) => each.assignee_id ?? <span className="quiet">{t("case.nobody")}</span> },
          { name: t("state"), cell: (each) => <State word={each.state} /> },
        ]}
      />
    </Page>
  );
}
