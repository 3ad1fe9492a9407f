/** A page of things that are few enough to be read whole: what they are for while there are none. */
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorPanel, Loading, PageHeader } from "@/design";

interface CollectionPageProps<Item> {
  title: string;
  query: { data: { items: Item[] } | undefined; error: Error | null; refetch: () => unknown };
  /** Makes one more: beside the title, or as the next thing to do on an empty page. */
  action: ReactNode;
  empty: { Icon: Icon; title: string; text: string; action?: ReactNode };
  children: (items: Item[]) => ReactNode;
}

export function CollectionPage<Item>(props: CollectionPageProps<Item>) {
  const { title, query, action, empty, children } = props;
  const items = query.data?.items;
  return (
    <>
      <PageHeader title={title} actions={items && items.length > 0 && action} />
      {items === undefined ? (
        query.error ? (
          <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <EmptyState action={action} {...empty} />
      ) : (
        children(items)
      )}
    </>
  );
}
