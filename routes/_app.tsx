/** Wraps every page in the document. Pages set their title with `PageTitle`. */

import type { PageProps } from "fresh";
import { Document } from "../components/Document.tsx";

export default function AppWrapper({ Component }: PageProps) {
  return (
    <Document>
      <Component />
    </Document>
  );
}
