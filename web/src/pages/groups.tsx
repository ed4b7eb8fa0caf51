// Control groups: accounts that are one hand.
import { go } from "../router";
import { useText } from "../text";
import { Id, Ids, Page } from "../ui/kit";
import { ListTable, usePages } from "../ui/list";

export default function Groups() {
  const t = useText();
  const asked = usePages("/v1/groups");
  return (
    <Page title={t("groups.title")}>
      <ListTable
        label={t("groups.title")}
        items={asked.items}
        asked={asked}
        keyOf={(each) => each.group_id}
        open={(each) => go(`/groups/${encodeURIComponent(each.group_id)}`)}
        empty={t("groups.empty")}
        columns={[
          { name: t("group"), cell: (each) => <Id id={each.group_id} /> },
          { name: t("groups.members"), right: true, cell: (each) => <span className="num">{each.account_ids.length}</span> },
          { name: t("accounts"), cell: (each) => <Ids ids={each.account_ids} most={5} account />, className: "wide" },
          { name: t("nav.alerts"), right: true, cell: (each) => <span className="num">{each.alerts}</span> },
          {
            name: t("flags"),
            cell: (each) => (
              <>
                {each.fragile && <span className="tag warn" title={t("fragile.why")}>{t("fragile")}</span>}
                {each.restricted && <span className="tag warn">{t("restricted")}</span>}
              </>
            ),
          },
        ]}
      />
    </Page>
  );
}
