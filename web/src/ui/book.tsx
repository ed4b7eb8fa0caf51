// The order book as it was, stepped event by event; the alert's own orders are the filled part of a bar.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { BookLevel, BookReplay, StoryEvent } from "../api/types";
import { clockTime, decimal, exact, instant } from "../format";
import { useSettings } from "../settings";
import { useLanguage, useEventWord, useText } from "../text";
import { colour } from "./chart";
import { Button } from "./kit";

interface BookNow {
  bids: BookLevel[];
  asks: BookLevel[];
}

function changed(levels: BookLevel[], changes: BookLevel[], sign: 1 | -1): BookLevel[] {
  if (changes.length === 0) return levels;
  const byPrice = new Map(levels.map((level) => [level.price, level]));
  for (const level of changes) {
    if (level.orders === 0) byPrice.delete(level.price);
    else byPrice.set(level.price, level);
  }
  return [...byPrice.values()].sort((a, b) => sign * (Number(a.price) - Number(b.price)));
}

export function booksOf(replay: BookReplay): BookNow[] {
  const books: BookNow[] = [{ bids: replay.book.bids, asks: replay.book.asks }];
  for (const step of replay.steps) {
    const before = books[books.length - 1]!;
    books.push({
      bids: changed(before.bids, step.bids, -1).slice(0, replay.depth),
      asks: changed(before.asks, step.asks, 1).slice(0, replay.depth),
    });
  }
  return books;
}

const rowHeight = 17;

function paint(
  canvas: HTMLCanvasElement,
  book: BookNow,
  levels: number,
  most: number,
  touched: string | undefined,
  texts: { bid: string; ask: string },
  show: (text: string) => string,
) {
  const ratio = devicePixelRatio;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const ctx = canvas.getContext("2d")!;
  ctx.scale(ratio, ratio);
  ctx.clearRect(0, 0, width, height);
  ctx.font = "11px system-ui, sans-serif";
  ctx.textBaseline = "middle";
  const half = width / 2;
  const bar = half - 150;
  const side = (list: BookLevel[], left: boolean) => {
    const main = colour(left ? "buy" : "sell");
    ctx.textAlign = left ? "right" : "left";
    ctx.fillStyle = colour("quiet");
    ctx.fillText(left ? texts.bid : texts.ask, half + (left ? -8 : 8), rowHeight / 2);
    list.slice(0, levels).forEach((level, i) => {
      const y = (i + 1) * rowHeight;
      if (level.price === touched) {
        ctx.fillStyle = colour("shade");
        ctx.fillRect(left ? 0 : half, y, half, rowHeight);
      }
      const length = (amount: string) => Math.max(Number(amount) > 0 ? 2 : 0, (Number(amount) / most) * bar);
      const start = half + (left ? -145 : 145);
      const draw = (amount: string, alpha: number) => {
        ctx.globalAlpha = alpha;
        ctx.fillStyle = main;
        const size = length(amount);
        ctx.fillRect(left ? start - size : start, y + 3, size, rowHeight - 6);
        ctx.globalAlpha = 1;
      };
      draw(level.visible, 0.28);
      draw(level.own_visible, 1);
      const own = Number(level.own_visible) > 0;
      ctx.fillStyle = colour("text");
      ctx.font = `${own ? "bold " : ""}11px system-ui, sans-serif`;
      ctx.fillText(show(level.price), half + (left ? -8 : 8), y + rowHeight / 2 + 0.5);
      ctx.fillText(show(level.visible), half + (left ? -80 : 80), y + rowHeight / 2 + 0.5);
      ctx.font = "11px system-ui, sans-serif";
    });
  };
  side(book.bids, true);
  side(book.asks, false);
  ctx.fillStyle = colour("line");
  ctx.fillRect(half - 0.5, 0, 1, height);
}

const isOwn = (event: StoryEvent, accounts: Set<string>) => event.account_ids.some((id) => accounts.has(id));

export function BookView({
  replay,
  accountIds,
  load,
}: {
  replay: BookReplay;
  accountIds: string[];
  load: (seq: number) => void;
}) {
  const t = useText();
  const language = useLanguage();
  const { theme } = useSettings();
  const canvas = useRef<HTMLCanvasElement>(null);
  const own = useMemo(() => new Set(accountIds), [accountIds]);
  const books = useMemo(() => booksOf(replay), [replay]);
  const firstOwn = replay.steps.findIndex((step) => isOwn(step.event, own));
  const [place, setPlace] = useState(firstOwn < 0 ? 0 : firstOwn + 1);
  const [playing, setPlaying] = useState(false);
  const [width, setWidth] = useState(0);
  const last = books.length - 1;
  const levels = Math.min(replay.depth, 12);
  const most = useMemo(() => {
    let most = 0;
    for (const book of books) {
      for (const level of [...book.bids.slice(0, levels), ...book.asks.slice(0, levels)]) {
        most = Math.max(most, Number(level.visible));
      }
    }
    return most || 1;
  }, [books, levels]);
  const at = Math.min(place, last);
  const book = books[at]!;
  const step = at > 0 ? replay.steps[at - 1] : undefined;
  const move = (to: number) => setPlace(Math.max(0, Math.min(last, to)));

  useEffect(() => {
    if (!canvas.current) return;
    const sized = new ResizeObserver(() => setWidth(canvas.current?.clientWidth ?? 0));
    sized.observe(canvas.current);
    return () => sized.disconnect();
  }, []);
  useEffect(() => {
    if (!canvas.current) return;
    paint(
      canvas.current, book, levels, most, step?.event.price,
      { bid: t("alert.book.bid"), ask: t("alert.book.ask") },
      (text) => decimal(text, language),
    );
  });
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      setPlace((now) => {
        if (now >= last) setPlaying(false);
        return Math.min(last, now + 1);
      });
    }, 350);
    return () => clearInterval(timer);
  }, [playing, last]);

  const press = (event: KeyboardEvent) => {
    const size = event.shiftKey ? 10 : 1;
    const to =
      event.key === "ArrowLeft" ? at - size
      : event.key === "ArrowRight" ? at + size
      : event.key === "Home" ? 0
      : event.key === "End" ? last
      : undefined;
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  const best = (list: BookLevel[]) => (list[0] ? `${list[0].price} × ${list[0].visible}` : "–");
  const ts = step?.ts ?? replay.book.ts;

  return (
    <div className="book" data-theme-now={theme} data-width={width}>
      <div
        role="application"
        tabIndex={0}
        aria-label={`${t("alert.book")}: ${t("keys.book")} ← → Home End`}
        onKeyDown={press}
        className="book-keys"
      >
        <canvas
          ref={canvas}
          style={{ height: (levels + 1) * rowHeight }}
          role="img"
          aria-label={`${t("alert.book.bid")} ${best(book.bids)}, ${t("alert.book.ask")} ${best(book.asks)}`}
        />
      </div>
      <div className="book-steps">
        <Button aria-label={t("alert.book.first")} title={t("alert.book.first")} onClick={() => move(0)}>«</Button>
        <Button aria-label={t("alert.book.back")} title={t("alert.book.back")} onClick={() => move(at - 1)}>‹</Button>
        <Button aria-pressed={playing} onClick={() => setPlaying(!playing)}>{playing ? t("alert.book.pause") : t("alert.book.play")}</Button>
        <Button aria-label={t("alert.book.on")} title={t("alert.book.on")} onClick={() => move(at + 1)}>›</Button>
        <Button aria-label={t("alert.book.last")} title={t("alert.book.last")} onClick={() => move(last)}>»</Button>
        <span className="slider">
          <span className="ticks" aria-hidden="true">
            {replay.steps.map((each, i) =>
              isOwn(each.event, own) ? <i key={each.seq} style={{ left: `${((i + 1) / last) * 100}%` }} /> : null,
            )}
          </span>
          <input
            type="range"
            min={0}
            max={last}
            value={at}
            aria-label={t("alert.book")}
            aria-valuetext={t("alert.book.of", { n: at, total: last })}
            onChange={(event) => move(Number(event.target.value))}
          />
        </span>
        <span className="num quiet">{t("alert.book.of", { n: at, total: last })}</span>
      </div>
      <p className="book-event" aria-live="polite">
        <span className="num" title={exact(ts)}>{instant(ts).slice(11)}</span>{" "}
        <span className="quiet">{t("alert.book.seq")} {step?.seq ?? replay.book.seq}</span>{" "}
        {step ? <EventWords event={step.event} own={own} /> : clockTime(ts)}
      </p>
      <p className="legend">
        <span><i className="box buy" /><i className="box sell" /> {t("alert.book.own")}</span>
        {replay.previous_seq !== undefined && <Button onClick={() => load(replay.previous_seq!)}>{t("alert.book.earlier")}</Button>}
        {replay.next_seq !== undefined && <Button onClick={() => load(replay.next_seq!)}>{t("alert.book.later")}</Button>}
      </p>
    </div>
  );
}

export function EventWords({ event, own }: { event: StoryEvent; own: Set<string> }) {
  const words = useEventWord();
  const language = useLanguage();
  return (
    <>
      <strong>{words(event.type)}</strong> {event.side && <span className={event.side}>{words(event.side)}</span>}{" "}
      {event.quantity && decimal(event.quantity, language)}
      {event.price && ` @ ${decimal(event.price, language)}`}{" "}
      {event.account_ids.map((id, i) => (
        <span key={id + i} className={own.has(id) ? "own" : "quiet"}>
          {i > 0 && " ↔ "}
          {id}
        </span>
      ))}
    </>
  );
}
