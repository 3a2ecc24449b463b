// The public face of the template engine: everything outside `template/` imports from here only.
export { bindMacro } from './bind-macro.ts'
export { type BlockKind, splitBlocks } from './blocks.ts'
export { TemplateError } from './errors.ts'
export { readMacros } from './macros.ts'
export { renderNative } from './native.ts'
export { parseTemplate } from './parse.ts'
export { renderAsync, renderSync } from './render.ts'
export type { Rendered, SourceMap, TemplatePlace } from './rendered.ts'
export { scanCalledNames, scanCalls } from './scan.ts'
export type { Scope } from './scope.ts'
export type { MacroDefinition, ScannedCall, ScannedValue, TemplateTree } from './tree.ts'
export type { CallSite } from './values/call-site.ts'
export { Dict } from './values/dict.ts'
export { float } from './values/float.ts'
export { hostFunction } from './values/function.ts'
export {
  type Arguments,
  type HostCallable,
  HostObject,
  type KeywordArguments,
  NO_KEYWORDS,
  type Operator,
} from './values/host-object.ts'
export { iterate, mappingEntries } from './values/iterate.ts'
export { toJsonText } from './values/json.ts'
export { toPlain, toTemplateValue } from './values/plain.ts'
export { TemplateSet } from './values/set.ts'
export { repr, str } from './values/text.ts'
export { truthy } from './values/truth.ts'
export { Tuple } from './values/tuple.ts'
export { isInteger, isUndefined, numberOf } from './values/types.ts'
export { Undefined } from './values/undefined.ts'
