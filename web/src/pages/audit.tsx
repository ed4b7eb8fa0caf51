// Every act and every refused act.
import type { AuditEntry } from "../api/types";
import { useQuery } from "../router";
import { useText, useWord } from "../text";
import { Id, Page, Time } from "../ui/kit";
import { ListTable, usePages } from "../ui/list";
import { Tabs } from "../ui/tabs";

export default function Audit() {
  const t = useText();
  const words = useWord();
  const [query, set] = useQuery();
  const result = query.get("result") ?? "";
  const asked = usePages("/v1/audit", {}, { result, user_id: query.get("user_id") ?? undefined });
  return (
    <Page title={t("audit.title")} marks={<span className="quiet">{t("audit.note")}</span>}>
      <Tabs
        label={t("audit.title")}
        value={result}
        options={[["", t("all")], ["accepted", t("audit.accepted")], ["refused", t("audit.refused")]]}
        choose={(next) => set({ result: next || undefined })}
      />
      <ListTable
        label={t("audit.title")}
        items={asked.items}
        asked={asked}
        keyOf={(each) => each.audit_id}
        empty={t("audit.empty")}
        columns={[
          { name: t("time"), cell: (each) => <Time ns={each.ts} /> },
          {
            name: t("user"),
            cell: (each) => (
              <button type="button" className="plain" onClick={() => set({ user_id: each.user_id })}>
                {each.user_id}
              </button>
            ),
          },
          { name: t("what"), cell: (each) => <span title={each.kind}>{words("decision", each.kind)}</span> },
          { name: t("audit.about"), cell: (each) => (each.about ? /^[acmg]-/.test(each.about) ? <Id id={each.about} /> : each.about : "") },
          {
            name: t("result"),
            cell: (each) =>
              each.result === "refused" ? (
                <span className="warn">
                  ✕ {each.code ? words("refusal", each.code) : t("audit.refused")} {each.field && `(${each.field})`}
                </span>
              ) : (
                t("audit.accepted")
              ),
          },
          { name: t("reason"), cell: (each) => each.reason, className: "wide" },
          ...(asked.items?.some((each) => each.seq !== undefined) ? [{ name: "seq", right: true, cell: (each: AuditEntry) => <span className="num quiet">{each.seq}</span> }] : []),
        ]}
      />
      {query.get("user_id") && (
        <button type="button" className="chip" onClick={() => set({ user_id: undefined })}>
          {t("user")}: {query.get("user_id")} ✕
        </button>
      )}
    </Page>
  );
}
