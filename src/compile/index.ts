// Node to SQL.
export type { CompileInput, CompileTextInput, EphemeralMemo } from './compile-input.ts'
export { compileNode } from './compile-node.ts'
export { type CompiledText, compileText } from './compile-text.ts'
export type { CompiledNode } from './compiled-node.ts'
export { testQuery } from './test-query.ts'
