import type { SearchPageSize } from "../../core/domain/searchPage";
import type { ExportedFile } from "../../core/domain/takeAway";
import type { Progress } from "../../core/progress";
import { fetchBytes, loadFiles } from "../encoders/loadFiles";
import {
  exportSearchPage,
  sizeSearchPage,
  type SearchPageRequest,
  type SearchPageSources,
} from "./searchPage";

/** Makes search pages from what this browser stores and this site serves. */
export class SearchPageService {
  readonly #sources: SearchPageSources;

  /** @param base the site's base URL. */
  constructor(
    stored: Omit<SearchPageSources, "loadFiles" | "siteFile" | "now">,
    base: string,
    caches?: CacheStorage,
  ) {
    this.#sources = {
      ...stored,
      loadFiles: (spec, report) => loadFiles(spec, { base, report, ...(caches && { caches }) }),
      siteFile: (path) => fetchBytes(new URL(path, base).href, path),
      now: () => Date.now(),
    };
  }

  /** What a page would hold and weigh. @throws AppError as `sizeSearchPage`. */
  size(request: SearchPageRequest): Promise<SearchPageSize> {
    return sizeSearchPage(this.#sources, request);
  }

  /** The page as a zip. @throws AppError as `exportSearchPage`. */
  export(
    request: SearchPageRequest,
    context: { readonly signal: AbortSignal; readonly report: (progress: Progress) => void },
  ): Promise<ExportedFile> {
    return exportSearchPage(this.#sources, request, context);
  }
}
