/** The document's title, set from a page. */

import { Head } from "fresh/runtime";

export function PageTitle({ title }: { title: string }) {
  return (
    <Head>
      <title>{`${title} · Parley`}</title>
    </Head>
  );
}
