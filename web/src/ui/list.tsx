// Tables of what the service lists: driven by j, k and Enter, loaded page by page.
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Query, api } from "../api/client";
import type { GetAnswers } from "../api/types";
import { useKeys } from "../keys";
import { useText } from "../text";
import { Button, Empty, Fault, Loading } from "./kit";

interface PageOf<T> {
  items: T[];
  next_cursor?: string;
}
type Listed = {
  [P in keyof GetAnswers]: GetAnswers[P] extends PageOf<unknown> ? P : never;
}[keyof GetAnswers];

export function usePages<P extends Listed>(
  path: P,
  parts: Record<string, string> = {},
  query: Query = {},
  options: { enabled?: boolean } = {},
) {
  const asked = useInfiniteQuery({
    queryKey: [path, parts, query, "pages"],
    queryFn: ({ pageParam, signal }) =>
      api.get(path, parts, { ...query, cursor: pageParam || undefined }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => (last as PageOf<unknown>).next_cursor,
    enabled: options.enabled,
  });
  type Item = GetAnswers[P] extends PageOf<infer T> ? T : never;
  const items = asked.data?.pages.flatMap((page) => (page as unknown as PageOf<Item>).items);
  return { ...asked, items, first: asked.data?.pages[0] };
}

export interface Column<T> {
  name: ReactNode;
  cell: (item: T) => ReactNode;
  right?: boolean;
  className?: string;
}

export function ListTable<T>({
  label,
  columns,
  items,
  keyOf,
  open,
  empty,
  asked,
  keys = true,
}: {
  label: string;
  columns: Column<T>[];
  items: T[] | undefined;
  keyOf: (item: T) => string;
  open?: (item: T) => void;
  empty: string;
  asked?: { error: unknown; refetch: () => unknown; hasNextPage?: boolean; isFetchingNextPage?: boolean; fetchNextPage?: () => unknown };
  keys?: boolean;
}) {
  const t = useText();
  const [cursor, setCursor] = useState<string>();
  const body = useRef<HTMLTableSectionElement>(null);
  const place = items?.findIndex((item) => keyOf(item) === cursor) ?? -1;
  const move = (to: number) => {
    const item = items?.[Math.max(0, Math.min(items.length - 1, to))];
    if (item) setCursor(keyOf(item));
  };
  useEffect(() => {
    if (cursor) body.current?.querySelector(".current")?.scrollIntoView({ block: "nearest" });
  }, [cursor]);
  useKeys(
    {
      j: () => move(place + 1),
      ArrowDown: () => move(place + 1),
      k: () => move(place - 1),
      ArrowUp: () => move(place - 1),
      Enter: () => {
        const item = items?.[place];
        if (item) open?.(item);
      },
    },
    keys && open !== undefined,
  );
  if (!items) {
    return asked?.error ? <Fault fault={asked.error} retry={() => asked.refetch()} /> : <Loading />;
  }
  if (items.length === 0) return <Empty>{empty}</Empty>;
  return (
    <>
      <div className="scroll-x" tabIndex={0} role="group" aria-label={label}>
        <table className="list">
          <thead>
            <tr>
              {columns.map((column, i) => (
                <th key={i} className={column.right ? "right" : ""}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {items.map((item) => {
              const key = keyOf(item);
              return (
                <tr key={key} className={key === cursor ? "current" : ""} onClick={() => setCursor(key)} onDoubleClick={() => open?.(item)}>
                  {columns.map((column, i) => (
                    <td key={i} className={`${column.right ? "right" : ""} ${column.className ?? ""}`}>
                      {column.cell(item)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {asked?.hasNextPage && (
        <p className="more">
          <Button disabled={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage?.()}>
            {t("load_more")}
          </Button>
        </p>
      )}
    </>
  );
}
