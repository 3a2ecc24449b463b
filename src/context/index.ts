// What a template may call, and the renders that parse and compile are made of.
export { builtinMacroFiles } from './builtin-macros.ts'
export type { TemplateDatabase } from './database.ts'
export { genericTestTree, renderTestArguments, TEST_ARGUMENTS } from './generic-test.ts'
export { BUILTIN_PACKAGE, createMacroRegistry, type MacroRegistry } from './macro-registry.ts'
export { createNodeScope, createSyncNodeScope, ephemeralName } from './node-scope.ts'
export type { CapturedConfig, ParseCapture, ParseSubject } from './parse-subject.ts'
export type { ProjectContext, TargetContext, VarLookup } from './project-context.ts'
export { relationNameFor } from './relation-names.ts'
export { captureGenericTest, renderForParse } from './render-for-parse.ts'
export type { NodeScopeInput } from './scope-input.ts'
export {
  atUsersPlace,
  placeOfText,
  pointAtUsersCall,
  relocated,
  relocatedText,
  withTemplateText,
  withTemplateTextAsync,
} from './written-text.ts'
export { renderYamlValue } from './yaml-value.ts'
