// The frame of every page: who is here, where to go, what surveillance sees and does not see.
import { type FormEvent, lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { ApiError, api, setSession as setAskingSession, whenSignedOut } from "./api/client";
import { closeStream, openStream } from "./api/stream";
import type { GetAnswers, Role, Session } from "./api/types";
import { client, followStream, useCounters, useStreamState } from "./api/use";
import { count, instant } from "./format";
import { rememberPrefix, useKeys } from "./keys";
import { Alerts } from "./pages/alerts";
import { Login, Setup } from "./pages/login";
import { forgetQueue } from "./queue";
import { Link, decoded, go, useLocation } from "./router";
import { RenewSession, SessionContext, mayRead, useSession } from "./session";
import { setSettings, useSettings } from "./settings";
import { type Key, LanguageContext, useLanguage, useText } from "./text";
import { Boundary } from "./ui/boundary";
import { Messages } from "./ui/decide";
import { Dialog, Empty, Fault, Loading, Page, pathFor } from "./ui/kit";

const Overview = lazy(() => import("./pages/overview"));
const AlertPage = lazy(() => import("./pages/alert"));
const Cases = lazy(() => import("./pages/cases"));
const CasePage = lazy(() => import("./pages/case"));
const Measures = lazy(() => import("./pages/measures"));
const MeasurePage = lazy(() => import("./pages/measure"));
const Groups = lazy(() => import("./pages/groups"));
const GroupPage = lazy(() => import("./pages/group"));
const Accounts = lazy(() => import("./pages/accounts"));
const AccountPage = lazy(() => import("./pages/account"));
const Markets = lazy(() => import("./pages/markets"));
const Rules = lazy(() => import("./pages/rules"));
const Reports = lazy(() => import("./pages/reports"));
const Audit = lazy(() => import("./pages/audit"));
const Users = lazy(() => import("./pages/users"));

// `asks` is what a page is made of: who may not ask for it does not have the page.
const pages: { path: string; name: Key; key: string; asks: keyof GetAnswers }[] = [
  { path: "/overview", name: "nav.overview", key: "o", asks: "/v1/overview" },
  { path: "/alerts", name: "nav.alerts", key: "a", asks: "/v1/alerts" },
  { path: "/cases", name: "nav.cases", key: "c", asks: "/v1/cases" },
  { path: "/measures", name: "nav.measures", key: "m", asks: "/v1/measures" },
  { path: "/groups", name: "nav.groups", key: "g", asks: "/v1/groups" },
  { path: "/accounts", name: "nav.accounts", key: "k", asks: "/v1/accounts" },
  { path: "/markets", name: "nav.markets", key: "t", asks: "/v1/markets" },
  { path: "/rules", name: "nav.rules", key: "r", asks: "/v1/rules" },
  { path: "/reports", name: "nav.reports", key: "p", asks: "/v1/cases" },
  { path: "/audit", name: "nav.audit", key: "u", asks: "/v1/audit" },
  { path: "/users", name: "nav.users", key: "s", asks: "/v1/users" },
];

const pagesFor = (role: Role) => pages.filter((page) => mayRead(role, page.asks));

function CurrentPage() {
  const t = useText();
  const { role } = useSession();
  const { path } = useLocation();
  const [, first = "", rest] = path.split("/");
  const wanted = pages.find((page) => page.path === `/${first || "alerts"}`);
  if (wanted && !mayRead(role, wanted.asks)) {
    return (
      <Page title={t(wanted.name)}>
        <Empty>{t("denied.page", { role: t(`role.${role}`) })}</Empty>
      </Page>
    );
  }
  const id = rest === undefined ? undefined : decoded(rest);
  switch (first) {
    case "":
    case "alerts":
      return id ? <AlertPage key={id} id={id} /> : <Alerts />;
    case "overview":
      return <Overview />;
    case "cases":
      return id ? <CasePage key={id} id={id} /> : <Cases />;
    case "measures":
      return id ? <MeasurePage key={id} id={id} /> : <Measures />;
    case "groups":
      return id ? <GroupPage key={id} id={id} /> : <Groups />;
    case "accounts":
      return id ? <AccountPage key={id} id={id} /> : <Accounts />;
    case "markets":
      return <Markets />;
    case "rules":
      return <Rules />;
    case "reports":
      return <Reports />;
    case "audit":
      return <Audit />;
    case "users":
      return <Users />;
    default:
      return (
        <Page title={t("error.not_found")}>
          <Link to="/alerts">{t("nav.alerts")}</Link>
        </Page>
      );
  }
}

function Status() {
  const t = useText();
  const language = useLanguage();
  const stream = useStreamState();
  const counters = useCounters();
  const live = stream === "live" ? t("live") : stream === "lost" ? t("live.lost") : t("live.connecting");
  return (
    <div className="status" role="group" aria-label={t("status.label")}>
      <span className={`live ${stream}`}>
        <span aria-hidden="true">{stream === "live" ? "●" : "○"}</span> {live}
      </span>
      {counters && (
        <>
          <span className="num" title={t("status.clock")}>
            {instant(counters.clock_ts).slice(0, 19)} UTC
          </span>
          <span className={counters.lag_ms > 1000 ? "warn" : ""}>{t("status.lag", { n: count(counters.lag_ms, language) })}</span>
          <span className="rate">{t("status.rate", { n: count(counters.events_per_s, language) })}</span>
          {counters.blind_spots > 0 && (
            <Link className="warn" to="/overview#blind">
              ◑ {t("status.blind", { n: count(counters.blind_spots, language) })}
            </Link>
          )}
          {counters.gaps > 0 && (
            <Link className="warn" to="/overview#blind">
              ⌇ {t("status.gaps", { n: count(counters.gaps, language) })}
            </Link>
          )}
          {counters.alarms > 0 && (
            <Link className="warn" to="/overview#alarms">
              ⚠ {t("status.alarms", { n: counters.alarms })}
            </Link>
          )}
          {counters.stuck > 0 && (
            <Link className="warn" to="/measures?view=stuck">
              ! {t("status.stuck", { n: counters.stuck })}
            </Link>
          )}
        </>
      )}
    </div>
  );
}

function Search() {
  const t = useText();
  const [text, setText] = useState("");
  const ref = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => ref.current?.focus() });
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    go(pathFor(text.trim()));
    setText("");
    ref.current?.blur();
  };
  return (
    <form role="search" onSubmit={find}>
      <input
        ref={ref}
        type="search"
        value={text}
        placeholder={`${t("search")}  /`}
        aria-label={`${t("search")}: ${t("search.hint")}`}
        title={t("search.hint")}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && ref.current?.blur()}
      />
    </form>
  );
}

function Choices<V extends string>({
  label,
  value,
  options,
  choose,
}: {
  label: string;
  value: V;
  options: [V, string][];
  choose: (value: V) => void;
}) {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map(([each, name]) => (
        <button type="button" key={each} aria-pressed={each === value} onClick={() => choose(each)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function You({ signOut }: { signOut: () => void }) {
  const t = useText();
  const session = useSession();
  const settings = useSettings();
  return (
    <details className="you">
      <summary>
        {session.user_id} <span className="quiet">{t(`role.${session.role}`)}</span>
      </summary>
      <div className="menu">
        <Choices
          label={t("theme")}
          value={settings.theme}
          options={[["light", t("theme.light")], ["dark", t("theme.dark")]]}
          choose={(theme) => setSettings({ theme })}
        />
        <Choices
          label={t("language")}
          value={settings.language}
          options={[["en", "English"], ["de", "Deutsch"]]}
          choose={(language) => setSettings({ language })}
        />
        <Choices
          label={t("density")}
          value={settings.density}
          options={[["compact", t("density.compact")], ["roomy", t("density.roomy")]]}
          choose={(density) => setSettings({ density })}
        />
        <Link to="/users">{t("users.totp")}</Link>
        <button type="button" onClick={signOut}>
          {t("sign_out")}
        </button>
      </div>
    </details>
  );
}

function KeyMap({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { role } = useSession();
  const groups: [Key, [string, Key][]][] = [
    ["keys.anywhere", [
      ["?", "key.help"],
      ["/", "key.search"],
      ["Esc", "key.back"],
      ...pagesFor(role).map((page): [string, Key] => [`g ${page.key}`, page.name]),
    ]],
    ["keys.in_queue", [
      ["j · ↓", "key.next"],
      ["k · ↑", "key.previous"],
      ["Enter", "key.open"],
      ["x", "key.select"],
      ["*", "key.select_all"],
      ["s", "key.snooze"],
      ["d", "key.dismiss"],
      ["c", "key.confirm"],
      ["o", "key.case"],
      ["n", "key.show_new"],
      ["p", "key.preview"],
    ]],
    ["keys.in_alert", [
      ["d · c · s", "key.acts"],
      ["m", "key.propose"],
      ["o", "key.case"],
      ["j · k", "key.neighbour"],
    ]],
    ["keys.book", [
      ["← →", "key.step"],
      ["⇧ ← →", "key.step_ten"],
      ["Home End", "key.ends"],
    ]],
  ];
  return (
    <Dialog title={t("keys")} onClose={onClose} wide>
      <div className="keymap">
        {groups.map(([name, keys]) => (
          <section key={name}>
            <h3>{t(name)}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(" · ").map((each) => (
                      <kbd key={each}>{each}</kbd>
                    ))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Frame({ signOut }: { signOut: () => void }) {
  const t = useText();
  const { path } = useLocation();
  const counters = useCounters();
  const stream = useStreamState();
  const session = useSession();
  const [keyMap, setKeyMap] = useState(false);
  const sees = mayRead(session.role, "/v1/stream");
  const keys: Record<string, () => void> = { "?": () => setKeyMap(true) };
  const own = pagesFor(session.role);
  for (const page of own) keys[`g ${page.key}`] = () => go(page.path);
  useKeys(keys);
  useEffect(() => {
    addEventListener("keydown", rememberPrefix);
    return () => removeEventListener("keydown", rememberPrefix);
  }, []);
  const here = path === "/" ? "/alerts" : path;
  const page = pages.find((each) => here.startsWith(each.path));
  useEffect(() => {
    const [, , id] = here.split("/");
    document.title = `${id ? `${decoded(id)} · ` : ""}${page ? t(page.name) : ""} · Marktwacht`;
  }, [here, page, t]);
  const badges: Record<string, number | undefined> = {
    "/alerts": counters?.alerts_open,
    "/cases": counters?.cases_open,
    "/measures": counters && counters.waiting_approval + counters.waiting_adoption,
    "/users": session.role === "administrator" ? counters?.changes_pending : undefined,
  };
  return (
    <>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="top">
        <Link to={own[0]?.path ?? "/"} className="brand">
          <img src="/icon.svg" alt="" width={20} height={20} /> Marktwacht
        </Link>
        {sees && <Search />}
        {sees ? <Status /> : <div className="status" />}
        <button type="button" className="plain" aria-label={t("keys")} title={t("keys")} onClick={() => setKeyMap(true)}>
          <kbd>?</kbd>
        </button>
        <You signOut={signOut} />
      </header>
      <nav aria-label={t("nav.label")}>
        {own.map((each) => (
          <Link key={each.path} to={each.path} aria-current={each === page ? "page" : undefined}>
            {t(each.name)}
            {badges[each.path] ? <span className="badge num">{badges[each.path]}</span> : null}
          </Link>
        ))}
      </nav>
      <div className="content">
        {stream === "lost" && (
          <div className="lost" role="alert">
            {t("live.lost.note")}
          </div>
        )}
        <Boundary key={here}>
          <Suspense fallback={<Loading />}>
            <CurrentPage />
          </Suspense>
        </Boundary>
      </div>
      <Messages />
      {keyMap && <KeyMap onClose={() => setKeyMap(false)} />}
    </>
  );
}

// Of the link that the service prints while it has no user. Behind the #, so that no log of a proxy has it.
const setupToken = () => /^#setup=(.+)$/.exec(location.hash)?.[1];

export function App() {
  const { language } = useSettings();
  const [session, setSession] = useState<Session | "out">();
  const [fault, setFault] = useState<unknown>();
  const [setup, setSetup] = useState(setupToken);

  const enter = useCallback((opened: Session) => {
    // Who may not see the queue begins with what they may see.
    if (location.pathname === "/" && !mayRead(opened.role, "/v1/alerts")) go("/users", true);
    setAskingSession(opened);
    setSetup(undefined);
    setSession(opened);
    setFault(undefined);
  }, []);
  const leave = useCallback(() => {
    closeStream();
    client.clear();
    forgetQueue();
    setSession("out");
  }, []);
  const look = useCallback(() => {
    api
      .get("/v1/session")
      .then(enter)
      .catch((caught) => {
        if (caught instanceof ApiError && caught.status === 401) setSession("out");
        else setFault(caught);
      });
  }, [enter]);

  useEffect(() => {
    whenSignedOut(leave);
    look();
  }, [leave, look]);
  useEffect(() => {
    if (typeof session !== "object" || !mayRead(session.role, "/v1/stream")) return;
    openStream();
    return followStream();
  }, [session]);

  let shown = <Loading />;
  if (setup) shown = <Setup token={setup} enter={enter} />;
  else if (typeof session === "object") {
    const signOut = () => {
      void api.post("/v1/logout", undefined).finally(leave);
    };
    shown = (
      <SessionContext value={session}>
        <RenewSession value={look}>
          <Frame signOut={signOut} />
        </RenewSession>
      </SessionContext>
    );
  } else if (session === "out") shown = <Login enter={enter} />;
  else if (fault) {
    shown = (
      <main id="main" className="alone">
        <Fault fault={fault} retry={look} />
      </main>
    );
  }
  return <LanguageContext value={language}>{shown}</LanguageContext>;
}
