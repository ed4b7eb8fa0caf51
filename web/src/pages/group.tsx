// One control group: who, by which links, and the evidence on each.
import { lazy, Suspense, useMemo, useState } from "react";
import type { GroupEdge } from "../api/types";
import { useGet } from "../api/use";
import { go, useQuery } from "../router";
import { useKeys } from "../keys";
import { useDetectorName, useLinkName, useText } from "../text";
import { Act, useDecision } from "../ui/decide";
import { Waterfall } from "../ui/facts";
import { AccountId, Answer, Empty, Heads, Id, Ids, Num, Page, Panel, SeverityMark, State, Time, Value } from "../ui/kit";

const Network = lazy(() => import("../ui/network"));

function Why({ group, a, b }: { group: string; a: string; b: string }) {
  const t = useText();
  const linkName = useLinkName();
  const asked = useGet("/v1/groups/{group_id}/why", { group_id: group }, { a, b });
  const { ask, dialog } = useDecision();
  return (
    <>
      <h3>{t("link.why", { a, b })}</h3>
      <Answer of={asked}>
        {(why) => (
          <>
            {why.declared.map((each) => (
              <p key={each.kind + each.name}>
                <strong>{linkName(each.kind)}</strong> <span className="id">
                  <Value text={each.name} />
                </span>{" "}
                {t("link.certain")}
              </p>
            ))}
            {(why.parts.length > 0 || why.declared.length === 0) && <Waterfall sum={why} />}
            {why.verdict && <p>{t(`edge.${why.verdict}`)}</p>}
          </>
        )}
      </Answer>
      <div className="actions">
        <Act kind="link_confirm" label="act.link_confirm" onClick={() => ask({ title: t("act.link_confirm"), kind: "link_confirm", body: { account_ids: [a, b] } })} />
        <Act kind="link_refuse" label="act.link_refuse" onClick={() => ask({ title: t("act.link_refuse"), kind: "link_refuse", body: { account_ids: [a, b] } })} />
      </div>
      {dialog}
    </>
  );
}

const none = new Set<string>();

export default function GroupPage({ id }: { id: string }) {
  const t = useText();
  const detectorName = useDetectorName();
  const linkName = useLinkName();
  const asked = useGet("/v1/groups/{group_id}", { group_id: id });
  const [query, set] = useQuery();
  const [chosen, choose] = useState<GroupEdge>();
  useKeys({ Escape: () => (history.length > 1 ? history.back() : go("/groups")) });
  const first = asked.data?.edges[0];
  const a = query.get("a") ?? first?.a;
  const b = query.get("b") ?? first?.b;
  const pick = useMemo(
    () => (edge: GroupEdge) => {
      choose(edge);
      set({ a: edge.a, b: edge.b });
    },
    [set],
  );
  const flagged = useMemo(() => {
    const ids = asked.data?.alerts.flatMap((alert) => alert.account_ids);
    return ids ? new Set(ids) : none;
  }, [asked.data]);
  return (
    <Answer of={asked}>
      {(group) => (
        <Page
          title={
            <>
              {t("group")} <span className="id">{group.group_id}</span>
            </>
          }
          marks={
            <>
              <span>
                {t("groups.members.count", { n: group.account_ids.length })}
              </span>
              {group.fragile && <span className="tag warn" title={t("fragile.why")}>{t("fragile")}</span>}
              {group.aliases.length > 0 && <span className="quiet">{t("group.aliases")} {group.aliases.join(", ")}</span>}
            </>
          }
        >
          {group.fragile && <p className="notice">{t("fragile.why")}</p>}
          <div className="columns overview-columns">
            <div>
              <Panel title={t("group.network")}>
                <Suspense fallback={<div className="network" />}>
                  <Network accountIds={group.account_ids} edges={group.edges} flagged={flagged} chosen={chosen} choose={pick} />
                </Suspense>
              </Panel>
              <Panel title={t("groups.members")}>
                <p>
                  <Ids ids={group.account_ids} most={40} account />
                </p>
              </Panel>
              <Panel title={t("nav.alerts")}>
                {group.alerts.length === 0 ? (
                  <p className="quiet">{t("none")}</p>
                ) : (
                  <table className="list">
                    <Heads names={[t("severity"), [t("score"), "right"], t("alert"), t("behaviour"), t("state")]} />
                    <tbody>
                      {group.alerts.map((alert) => (
                        <tr key={alert.alert_id}>
                          <td>
                            <SeverityMark severity={alert.severity} />
                          </td>
                          <td className="right num">{alert.score}</td>
                          <td>
                            <Id id={alert.alert_id} />
                          </td>
                          <td>
                            {detectorName(alert.detector)} <span className="quiet">{alert.clause}</span>
                            <div className="quiet">
                              {t("from")} <Time ns={alert.from_ts} only="second" />
                            </div>
                          </td>
                          <td>
                            <State word={alert.state} />
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
                {group.cases.length > 0 && (
                  <p>
                    {t("nav.cases")}: <Ids ids={group.cases.map((each) => each.case_id)} most={10} />
                  </p>
                )}
              </Panel>
            </div>
            <div>
              <Panel title={t("group.pair")}>{a && b ? <Why group={id} a={a} b={b} /> : <Empty>{t("group.pair.choose")}</Empty>}</Panel>
              <Panel title={`${t("group.edges")} (${group.edges.length})`}>
                <div className="scroll-x short" tabIndex={0} role="group" aria-label={t("group.edges")}>
                  <table className="list">
                    <thead>
                      <tr>
                        <th>{t("accounts")}</th>
                        <th>{t("kind")}</th>
                        <th className="right">{t("group.weight")}</th>
                        <th>{t("state")}</th>
                        <th />
                      </tr>
                    </thead>
                    <tbody>
                      {group.edges.map((edge) => (
                        <tr key={`${edge.a} ${edge.b}`} className={edge.a === a && edge.b === b ? "current" : ""}>
                          <td>
                            <AccountId id={edge.a} /> – <AccountId id={edge.b} />
                          </td>
                          <td>
                            {edge.kinds.map(linkName).join(", ")} {edge.name && <Value text={edge.name} />}
                          </td>
                          <td className="right">{edge.weight_bits === undefined ? t("link.certain") : <Num value={edge.weight_bits} />}</td>
                          <td>
                            {t(`edge.${edge.state}`)} {edge.bridge && <span className="tag warn" title={t("fragile.why")}>{t("group.bridge")}</span>}
                          </td>
                          <td>
                            <button type="button" className="plain" aria-label={t("link.why", { a: edge.a, b: edge.b })} onClick={() => pick(edge)}>
                              ?
                            </button>
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
                {group.edges_left_out > 0 && <p className="quiet">{t("left_out", { n: group.edges_left_out })}</p>}
              </Panel>
            </div>
          </div>
        </Page>
      )}
    </Answer>
  );
}
