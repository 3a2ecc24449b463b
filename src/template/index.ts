// The public face of the template engine: everything outside `template/` imports from here only.
export type { Rendered, SourceMap, TemplatePlace } from './rendered.ts'
export type { Scope } from './scope.ts'
export type { MacroDefinition, ScannedCall, ScannedValue, TemplateTree } from './tree.ts'
