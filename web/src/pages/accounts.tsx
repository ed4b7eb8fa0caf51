// Finding an account.
import { useState } from "react";
import { go, useQuery } from "../router";
import { useText } from "../text";
import { AccountId, Id, Page } from "../ui/kit";
import { ListTable, usePages } from "../ui/list";

export default function Accounts() {
  const t = useText();
  const [query, set] = useQuery();
  const [prefix, setPrefix] = useState(query.get("prefix") ?? "");
  const restricted = query.get("restricted") === "true";
  const asked = usePages("/v1/accounts", {}, {
    prefix: query.get("prefix") ?? undefined,
    restricted: restricted || undefined,
  });
  return (
    <Page title={t("accounts.title")}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          set({ prefix: prefix || undefined });
        }}
      >
        <label>
          {t("accounts.find")}{" "}
          <input type="search" name="prefix" value={prefix} onChange={(event) => setPrefix(event.target.value)} />
        </label>
        <label className="check">
          <input type="checkbox" checked={restricted} onChange={(event) => set({ restricted: event.target.checked ? "true" : undefined })} /> {t("accounts.restricted")}
        </label>
        <button type="submit">{t("search")}</button>
      </form>
      <ListTable
        label={t("accounts.title")}
        items={asked.items}
        asked={asked}
        keyOf={(each) => each.account_id}
        open={(each) => go(`/accounts/${encodeURIComponent(each.account_id)}`)}
        empty={t("accounts.empty")}
        columns={[
          { name: t("account"), cell: (each) => <AccountId id={each.account_id} /> },
          { name: t("group"), cell: (each) => (each.group_id ? <Id id={each.group_id} /> : "–") },
          { name: t("nav.alerts"), right: true, cell: (each) => <span className="num">{each.alerts}</span> },
          { name: t("flags"), cell: (each) => each.restricted && <span className="tag warn">{t("restricted")}</span> },
        ]}
      />
    </Page>
  );
}
