import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AppError } from "../core/errors";
import { ErrorNote } from "../ui/components/ErrorNote";
import "./font.css";
import "../ui/styles/tokens.css";
import "../ui/styles/base.css";
import { loadManifest, loadPart, receiveScripts } from "./pageScripts";
import { SearchPage } from "./SearchPage";
import { startPageWorker } from "./startPageWorker";

receiveScripts();
const root = createRoot(document.getElementById("root")!); // in the page's own index.html
loadManifest().then(
  (manifest) =>
    root.render(
      <StrictMode>
        <SearchPage manifest={manifest} load={loadPart} start={startPageWorker} />
      </StrictMode>,
    ),
  (thrown: unknown) => root.render(<ErrorNote error={AppError.from(thrown)} />),
);
