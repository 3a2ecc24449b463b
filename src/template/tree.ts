import type { SourceFile, Span } from '../text/source-file.ts'
import type { Json } from '../util/json.ts'

/** A parsed template. Opaque outside `template/`; made by `parseTemplate`, read by the renders and scans. */
export interface TemplateTree {
  readonly file: SourceFile
  /** The part of the file that the tree covers. */
  readonly extent: Span
  readonly root: unknown
}

/** A `{% macro %}`, `{% test %}` or `{% materialization %}` block of a file. */
export interface MacroDefinition {
  readonly kind: 'macro' | 'test' | 'materialization'
  /** As dbt names it: `cents`, `test_not_null`, `materialization_table_default`. */
  readonly name: string
  readonly parameters: readonly string[]
  /** The whole block. */
  readonly place: Span
  readonly tree: TemplateTree
}

/** A call found by looking at the tree: nothing was run. */
export interface ScannedCall {
  readonly name: string
  readonly args: readonly ScannedValue[]
  readonly kwargs: ReadonlyMap<string, ScannedValue>
  /** Whether `*args` or `**kwargs` may add arguments that the scan does not see. */
  readonly hasSpread: boolean
  /** From the first character of the name to the closing parenthesis. */
  readonly place: Span
}

export type ScannedValue =
  | { readonly kind: 'literal'; readonly value: Json; readonly place: Span }
  | { readonly kind: 'dynamic'; readonly place: Span }
