// Measures: what waits for whom, what is in force, and who is stuck.
import { useCounters } from "../api/use";
import { go, useQuery } from "../router";
import { useSession } from "../session";
import { useText, useWord } from "../text";
import { Id, Page, State, Time } from "../ui/kit";
import { ListTable, usePages } from "../ui/list";
import { PlanText, ProposerText, TargetText } from "../ui/measure_parts";
import { Tabs } from "../ui/tabs";

type View = "approval" | "adoption" | "in_force" | "stuck" | "all";

export default function Measures() {
  const t = useText();
  const words = useWord();
  const session = useSession();
  const counters = useCounters();
  const [query, set] = useQuery();
  const first: View = session.role === "approver" ? "approval" : "adoption";
  const view = (query.get("view") as View | null) ?? first;
  const asked = usePages("/v1/measures", {}, {
    waiting: view === "approval" || view === "adoption" ? view : undefined,
    stuck: view === "stuck" ? true : undefined,
    state: view === "in_force" ? "applying,partly_applied,applied" : undefined,
    account_id: query.get("account_id") ?? undefined,
  });
  const stuck = Object.assign({}, ...(asked.data?.pages.map((page) => page.stuck) ?? [])) as Record<string, string[]>;
  const n = (value: number | undefined) => (value ? <span className="badge num">{value}</span> : null);
  const empty = view === "approval" ? t("measures.empty.approval") : view === "adoption" ? t("measures.empty.adoption") : view === "stuck" ? t("measures.empty.stuck") : t("measures.empty");
  return (
    <Page title={t("measures.title")}>
      <Tabs<View>
        label={t("measures.title")}
        value={view}
        options={[
          ["approval", <>{t("measures.waiting_approval")} {n(counters?.waiting_approval)}</>],
          ["adoption", <>{t("measures.waiting_adoption")} {n(counters?.waiting_adoption)}</>],
          ["in_force", t("measures.in_force")],
          ["stuck", <>{t("measures.stuck")} {n(counters?.stuck)}</>],
          ["all", t("measures.every")],
        ]}
        choose={(next) => set({ view: next })}
      />
      {view === "stuck" && <p className="quiet">{t("measures.stuck.note")}</p>}
      {view === "approval" && <p className="quiet">{t("measure.four_eyes")}</p>}
      <ListTable
        label={t("measures.title")}
        items={asked.items}
        asked={asked}
        keyOf={(each) => each.measure_id}
        open={(each) => go(`/measures/${each.measure_id}`)}
        empty={empty}
        columns={[
          { name: t("measure"), cell: (each) => <Id id={each.measure_id} /> },
          { name: t("kind"), cell: (each) => <strong>{words("measure", each.measure.kind)}</strong> },
          { name: t("clause"), cell: (each) => each.measure.clause },
          { name: t("measure.target"), cell: (each) => <TargetText target={each.measure.target} /> },
          { name: t("what"), cell: (each) => <PlanText measure={each} />, className: "wide" },
          { name: t("case"), cell: (each) => <Id id={each.case_id} /> },
          { name: t("measure.proposer"), cell: (each) => <ProposerText measure={each} /> },
          { name: t("measure.proposed"), cell: (each) => <Time ns={each.proposed_ts} only="second" /> },
          {
            name: t("state"),
            cell: (each) => (
              <>
                <State word={each.state} /> {stuck[each.measure_id]?.map((why) => <span key={why} className="tag warn">{words("state", why)}</span>)}
              </>
            ),
          },
        ]}
      />
    </Page>
  );
}
