/**
 * WebAssembly for queries and mutations, which run to their end without a turn of the event loop: Node compiles
 * elsewhere and answers later, so these compile at once.
 */
export const WASM_SOURCE = String.raw`(() => {
"use strict";
const { Module, Instance } = WebAssembly;
const compile = async (bytes) => new Module(bytes);
const instantiate = async (source, imports) => {
  if (source instanceof Module) return new Instance(source, imports);
  const module = new Module(source);
  return { module, instance: new Instance(module, imports) };
};
const readWhole = async (source) => (await source).arrayBuffer();
Object.assign(WebAssembly, {
  compile,
  instantiate,
  compileStreaming: async (source) => compile(await readWhole(source)),
  instantiateStreaming: async (source, imports) => instantiate(await readWhole(source), imports),
});
})()`;
