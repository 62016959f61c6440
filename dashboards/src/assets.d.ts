/** What the bundler turns into modules besides TypeScript. */
declare module '*.css';

declare module '*?url' {
  const url: string;
  // biome-ignore lint/style/noDefaultExport: the bundler's own shape of such a module
  export default url;
}
