// Rules: what is in force and in shadow, checking a text, what it would change, publishing it.
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { api } from "../api/client";
import type { Backtest, Rulebook, Rules as RulesData, RulesCheck, Varied, WhatIf } from "../api/types";
import { useGet } from "../api/use";
import { useQuery } from "../router";
import { useDetectorName, useText } from "../text";
import { Act, useDecision } from "../ui/decide";
import { AccountId, Answer, Button, Empty, Fault, Heads, MaturityMark, Num, Page, Panel, Time } from "../ui/kit";
import { Tabs } from "../ui/tabs";

const Chart = lazy(() => import("../ui/chart"));

function useBacktest() {
  const [id, setId] = useState<string>();
  const [fault, setFault] = useState<unknown>();
  const asked = useGet("/v1/backtests/{backtest_id}", { backtest_id: id ?? "" }, {}, { enabled: id !== undefined, every: 700, while: ({ state }) => state === "running" });
  const done = asked.data?.state !== "running";
  const run = async (request: Parameters<typeof api.post<"/v1/backtests">>[1]) => {
    setFault(undefined);
    try {
      setId((await api.post("/v1/backtests", request)).backtest_id);
    } catch (caught) {
      setFault(caught);
    }
  };
  return { run, backtest: id ? asked.data : undefined, running: id !== undefined && !done, fault: fault ?? asked.error ?? undefined };
}

function WhatIfResult({ found }: { found: WhatIf }) {
  const t = useText();
  const detectorName = useDetectorName();
  const list = (name: string, alerts: WhatIf["only_a"], sign: string) => (
    <section>
      <h3>
        {sign} {name} ({alerts.length})
      </h3>
      {alerts.length === 0 ? (
        <p className="quiet">{t("none")}</p>
      ) : (
        <table className="list">
          <Heads names={[t("behaviour"), t("accounts"), t("instrument"), t("from"), [t("score"), "right"]]} />
          <tbody>
            {alerts.map((alert) => (
              <tr key={alert.alert_id}>
                <td>{detectorName(alert.detector)}</td>
                <td>{alert.group_id ?? alert.account_ids[0]}</td>
                <td>{alert.instrument_id ?? "–"}</td>
                <td>
                  <Time ns={alert.from_ts} only="second" />
                </td>
                <td className="right num">{alert.score}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
  return (
    <div data-what-if="done">
      <p className="quiet">
        {found.a.rulebook} → {found.b.rulebook} · <Num value={found.events} unit={t("overview.events")} />
      </p>
      <table className="list">
        <thead>
          <tr>
            <th>{t("behaviour")}</th>
            <th className="right">{t("rules.what_if.old")}</th>
            <th className="right">{t("rules.what_if.new")}</th>
            <th className="right">−</th>
            <th className="right">+</th>
          </tr>
        </thead>
        <tbody>
          {found.rules.map((rule) => (
            <tr key={rule.detector} className={rule.only_a + rule.only_b > 0 ? "current" : ""}>
              <td>
                {detectorName(rule.detector)} <span className="quiet">{rule.clause}</span>
              </td>
              <td className="right num">{rule.a}</td>
              <td className="right num">{rule.b}</td>
              <td className="right num">{rule.only_a}</td>
              <td className="right num">{rule.only_b}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.all.only_a + found.all.only_b === 0 ? (
        <p>{t("rules.what_if.same")}</p>
      ) : (
        <>
          {list(t("rules.what_if.gained"), found.only_b, "+")}
          {list(t("rules.what_if.lost"), found.only_a, "−")}
          <p className="quiet">
            {found.accounts.slice(0, 8).map((row) => (
              <span key={row.account_id}>
                <AccountId id={row.account_id} /> −{row.only_a} +{row.only_b}{" "}
              </span>
            ))}
          </p>
        </>
      )}
    </div>
  );
}

function VariedResult({ varied }: { varied: Varied }) {
  const t = useText();
  const name = `${varied.rule}.${varied.param}`;
  const { x, lines } = useMemo(
    () => ({
      x: varied.values.map((row) => Number(row.value)),
      lines: [{ label: t("rules.what_if.alerts"), colour: "accent", points: true, values: varied.values.map((row) => row.alerts) }],
    }),
    [varied, t],
  );
  return (
    <div data-what-if="done">
      <h3>{t("rules.what_if.curve", { param: name })}</h3>
      <Suspense fallback={<div className="chart-room" />}>
        <Chart x={x} lines={lines} time={false} height={180} label={t("rules.what_if.curve", { param: name })} />
      </Suspense>
      <table className="list">
        <thead>
          <tr>
            <th className="right">{varied.param}</th>
            <th className="right">{t("rules.what_if.alerts")}</th>
            <th className="right">{t("accounts")}</th>
            <th className="right">{t("rules.what_if.events")}</th>
            <th className="right">{t("rules.what_if.all")}</th>
          </tr>
        </thead>
        <tbody>
          {varied.values.map((row) => (
            <tr key={row.value}>
              <td className="right">
                <Num value={row.value} />
              </td>
              <td className="right num">{row.alerts}</td>
              <td className="right num">{row.accounts}</td>
              <td className="right num">{row.events}</td>
              <td className="right num">{row.alerts_all}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Running({ backtest, running, fault }: { backtest?: Backtest; running: boolean; fault: unknown }) {
  const t = useText();
  if (fault !== undefined) return <Fault fault={fault} />;
  if (running) {
    return (
      <div className="loading" role="status">
        {t("rules.what_if.running", { n: backtest?.progress_percent ?? 0 })}
        <progress max={100} value={backtest?.progress_percent ?? 0} aria-label={t("rules.what_if")} />
      </div>
    );
  }
  if (backtest?.error) return <p className="complaint">{backtest.error}</p>;
  if (backtest?.what_if) return <WhatIfResult found={backtest.what_if} />;
  if (backtest?.varied) return <VariedResult varied={backtest.varied} />;
  return null;
}

function Vary({ book }: { book: Rulebook }) {
  const t = useText();
  const detectorName = useDetectorName();
  const what = useBacktest();
  const rules = book.rules.filter((rule) => rule.params.length > 0);
  const [ruleId, setRule] = useState(rules[0]?.id ?? "");
  const rule = rules.find((each) => each.id === ruleId);
  const [paramName, setParam] = useState("");
  const param = rule?.params.find((each) => each.name === paramName) ?? rule?.params[0];
  const [range, setRange] = useState<{ from: string; to: string; step: string }>();
  const value = Number(param?.value ?? 0);
  const whole = Number.isInteger(value);
  // Around what is in force; the steps' digits are only a first proposal.
  const shown = range ?? {
    from: String(whole ? Math.max(1, Math.floor(value / 2)) : +(value / 2).toPrecision(3)),
    to: String(whole ? Math.max(2, value * 2) : +(value * 2).toPrecision(3)),
    step: String(whole ? Math.max(1, Math.ceil(value / 5)) : +(value / 5).toPrecision(2)),
  };
  const set = (name: keyof typeof shown) => (event: { target: { value: string } }) => setRange({ ...shown, [name]: event.target.value });
  if (rules.length === 0) return null;
  return (
    <Panel title={t("rules.what_if.vary")}>
      <div className="filters">
        <label>
          {t("rules.what_if.rule")}{" "}
          <select name="rule" value={ruleId} onChange={(event) => { setRule(event.target.value); setParam(""); setRange(undefined); }}>
            {rules.map((each) => (
              <option key={each.id} value={each.id}>
                {detectorName(each.id)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("rules.what_if.param")}{" "}
          <select name="param" value={param?.name} onChange={(event) => { setParam(event.target.value); setRange(undefined); }}>
            {rule?.params.map((each) => (
              <option key={each.name} value={each.name}>
                {each.name} = {each.value}
              </option>
            ))}
          </select>
        </label>
        <label>{t("rules.what_if.from")} <input size={6} value={shown.from} onChange={set("from")} /></label>
        <label>{t("rules.what_if.to")} <input size={6} value={shown.to} onChange={set("to")} /></label>
        <label>{t("rules.what_if.step")} <input size={6} value={shown.step} onChange={set("step")} /></label>
        <Button
          primary
          disabled={what.running}
          data-run="vary"
          onClick={() => void what.run({ rulebooks: [book.name], vary: `${ruleId}.${param?.name}=${shown.from}:${shown.to}:${shown.step}` })}
        >
          {t("rules.what_if.run")}
        </Button>
      </div>
      <Running {...what} />
    </Panel>
  );
}

function Editor({ book, start }: { book?: Rulebook; start: string }) {
  const t = useText();
  const [text, setText] = useState(start);
  const [check, setCheck] = useState<RulesCheck>();
  const [fault, setFault] = useState<unknown>();
  const { ask, dialog } = useDecision();
  const what = useBacktest();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const lines = text.split("\n").length;
  const wrong = new Set(check?.errors.map((error) => error.line));
  const look = async () => {
    setFault(undefined);
    try {
      setCheck(await api.post("/v1/rules/check", { text }));
    } catch (caught) {
      setFault(caught);
    }
  };
  const goTo = (line: number) => {
    const at = area.current;
    if (!at) return;
    const start = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    at.focus();
    at.setSelectionRange(start, start + (text.split("\n")[line - 1]?.length ?? 0));
    at.scrollTop = Math.max(0, (line - 6) * 17);
  };
  const publish = (shadow: boolean) =>
    ask({
      title: shadow ? t("rules.publish.shadow") : t("rules.publish"),
      kind: "publish_rulebook",
      body: { text, shadow },
      note: t("rules.publish.note"),
      danger: !shadow,
    });
  return (
    <Panel title={t("rules.edit")} aside={text !== start && <span className="tag">{t("rules.changed")}</span>}>
      <div className="editor">
        <pre ref={gutter} aria-hidden="true">
          {Array.from({ length: lines }, (_, i) => (
            <span key={i} className={wrong.has(i + 1) ? "wrong" : ""}>
              {i + 1}
              {"\n"}
            </span>
          ))}
        </pre>
        <textarea
          ref={area}
          name="rulebook"
          aria-label={t("rules.edit")}
          spellCheck={false}
          wrap="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCheck(undefined);
          }}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      {check && check.errors.length > 0 && (
        <ul className="errors" role="alert">
          {check.errors.map((error, i) => (
            <li key={i}>
              <button type="button" className="plain" onClick={() => goTo(error.line)}>
                {t("rules.line", { n: error.line })}
              </button>{" "}
              {error.key && <code>{error.key}</code>} {error.what}
            </li>
          ))}
        </ul>
      )}
      {check && check.errors.length === 0 && <p role="status">✓ {t("rules.check.ok", { rulebook: check.rulebook ?? "" })}</p>}
      {fault !== undefined && <Fault fault={fault} />}
      <div className="actions">
        <Button onClick={() => void look()}>{t("rules.check")}</Button>
        <Button disabled={what.running} data-run="compare" onClick={() => void what.run({ rulebooks: [book?.name ?? "default", text] })}>
          {t("rules.what_if.compare")}
        </Button>
        <Act kind="publish_rulebook" label="rules.publish.shadow" onClick={() => publish(true)} />
        <Act kind="publish_rulebook" label="rules.publish" primary onClick={() => publish(false)} />
      </div>
      <p className="quiet">{t("rules.what_if.note")}</p>
      <Running {...what} />
      {dialog}
    </Panel>
  );
}

function Params({ params }: { params: Rulebook["rules"][number]["params"] }) {
  return params.map((param, i) => (
    <span key={param.name} title={param.least && `${param.least} – ${param.most}`}>
      {i > 0 && ", "}
      <span className="together">
        {param.name} = <Num value={param.value} />
      </span>
    </span>
  ));
}

function Books({ rules }: { rules: RulesData }) {
  const t = useText();
  const detectorName = useDetectorName();
  const [query, set] = useQuery();
  const keyOf = (book: Rulebook) => `${book.name}@${book.hash}`;
  const book = rules.rulebooks.find((each) => keyOf(each) === query.get("book")) ?? rules.rulebooks[0];
  if (!book) return <Editor start="" />;
  return (
    <div className="columns">
      <div>
        <Panel title={t("rules.books")}>
          <ul className="pick">
            {rules.rulebooks.map((each) => (
              <li key={keyOf(each)}>
                <button type="button" aria-pressed={each === book} onClick={() => set({ book: keyOf(each) })}>
                  <strong>{each.name}</strong> <span className="id">{each.hash}</span>{" "}
                  {each.shadow ? <span className="tag shadow">{t("shadow")}</span> : <span className="tag ok">{t("rules.in_force")}</span>}
                  {each.since_seq !== undefined && <span className="quiet"> {t("rules.since", { seq: each.since_seq })} {each.user_id}</span>}
                </button>
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title={`${book.name}: ${book.rules.length}`}>
          <table className="list dense">
            <thead>
              <tr>
                <th>{t("rules.what_if.rule")}</th>
                <th>{t("clause")}</th>
                <th>{t("rules.params")}</th>
              </tr>
            </thead>
            <tbody>
              {book.rules.map((rule) => (
                <tr key={rule.id}>
                  <td>
                    <strong>{detectorName(rule.id)}</strong> <MaturityMark maturity={rule.maturity} />
                  </td>
                  <td>{rule.clause}</td>
                  <td className="quiet wide">
                    <Params params={rule.params} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      </div>
      <div>
        <Editor key={keyOf(book)} book={book} start={book.text} />
        <Vary key={`vary ${keyOf(book)}`} book={book} />
      </div>
    </div>
  );
}

function Detectors({ rules }: { rules: RulesData }) {
  const t = useText();
  const detectorName = useDetectorName();
  return (
    <div className="scroll-x" tabIndex={0} role="group" aria-label={t("rules.detectors")}>
      <table className="list">
        <thead>
          <tr>
            <th>{t("clause")}</th>
            <th>{t("behaviour")}</th>
            <th>{t("rules.claim")}</th>
            <th>{t("maturity")}</th>
            <th>{t("state")}</th>
            <th>{t("rules.params")}</th>
            <th className="right">{t("overview.blind")}</th>
          </tr>
        </thead>
        <tbody>
          {rules.detectors.map((detector) => (
            <tr key={detector.id}>
              <td>{detector.clause}</td>
              <td>
                <strong title={detector.id}>{detectorName(detector.id)}</strong>
              </td>
              <td className="wide">{detector.claim}</td>
              <td>{t(`maturity.${detector.maturity}`)}</td>
              <td>{detector.in_force ? t("rules.in_force") : "–"}</td>
              <td className="quiet wide">
                <Params params={detector.params} />
              </td>
              <td className={`right ${detector.blind_spots > 0 ? "warn" : ""}`}>
                <Num value={detector.blind_spots} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function Rules() {
  const t = useText();
  const [query, set] = useQuery();
  const view = query.get("view") === "detectors" ? "detectors" : "books";
  const asked = useGet("/v1/rules");
  return (
    <Page title={t("rules.title")}>
      <Tabs
        label={t("rules.title")}
        value={view}
        options={[["books", t("rules.books")], ["detectors", t("rules.detectors")]]}
        choose={(next) => set({ view: next === "books" ? undefined : next })}
      />
      <Answer of={asked}>{(rules) => (view === "books" ? <Books rules={rules} /> : rules.detectors.length > 0 ? <Detectors rules={rules} /> : <Empty>{t("none")}</Empty>)}</Answer>
    </Page>
  );
}
