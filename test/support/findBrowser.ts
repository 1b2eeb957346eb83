// The command line drives the same browser, so the search for it lives there.
export { BROWSER_ARGUMENTS, findBrowser } from "../../src/cli/findBrowser";
