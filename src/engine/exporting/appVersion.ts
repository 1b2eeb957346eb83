/** Version of the page, as package.json has it. */
export const APP_VERSION: string = __APP_VERSION__;

/** Filled in by the bundler. */
declare const __APP_VERSION__: string;
