import { entriesOf, itemsOf, type LocatedValue, valueAt } from '../../config/located-value.ts'
import type { ConfigEntries, ConfigEntry } from '../../config/merge-config.ts'
import { BUILTIN_PACKAGE, captureGenericTest, type ParseSubject } from '../../context/index.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { collecting, problem } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { Dict, float, parseTemplate } from '../../template/index.ts'
import type { SourceFile, Span } from '../../text/source-file.ts'
import { type UniqueId, uniqueId } from '../../text/unique-id.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { isJsonObject } from '../../util/json.ts'
import type { Macro, NamedReferences } from '../nodes.ts'
import { finalConfig, outerConfig, outerLayers, renderLayer, withLayer } from './configure.ts'
import { type TestNames, testHash, testNames } from './generic-test-name.ts'
import { fqnOf } from './names.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { ParsedDataTest, TestTarget } from './parsed.ts'
import { testsOf } from './properties.ts'
import type { WrittenColumn } from './properties-shape.ts'
import { readTest, type WrittenTest } from './written-test.ts'

/** What generic tests are declared on. */
export interface Tested {
  readonly target: TestTarget
  readonly file: SourceFile
  /** The properties file's path below its resource folder. */
  readonly below: string
  /** Tags that its tests have too: those of a source, and none of a node, as in dbt. */
  readonly tags: readonly string[]
  readonly columns: readonly WrittenColumn[]
  /** The tests of the whole node or table. */
  readonly tests: readonly LocatedValue[]
}

/** The generic tests of a node or source: those of its columns first, as in dbt. */
export function parseGenericTests(context: ParseContext, tested: Tested): readonly ParsedDataTest[] {
  const ofColumns = tested.columns.flatMap((column) =>
    testsOf(column).flatMap((at) => parseGenericTest(context, tested, at, column) ?? []),
  )
  return [...ofColumns, ...tested.tests.flatMap((at) => parseGenericTest(context, tested, at) ?? [])]
}

function parseGenericTest(
  context: ParseContext,
  tested: Tested,
  at: LocatedValue,
  column?: WrittenColumn,
): ParsedDataTest | undefined {
  const written = readTest(at, context.problems)
  const macro = written && findTestMacro(context, written)
  if (!written || !macro) return undefined
  const { target, file } = tested
  const columnName = column && (column.quote ? context.project.dialect.quote(column.name) : column.name)
  const kwargs = kwargsOf(written, columnName, target)
  const { names, id } = identify(context, written, kwargs, target)
  const fqn = fqnOf(context.project.name, tested.below, names.full)
  const settings = renderLayer(context, written.settings)
  const layers = outerLayers(context, 'test', fqn, implicitSettings(written, column, names, tested.tags))
  const subject: ParseSubject = {
    id,
    name: names.full,
    package: context.project.name,
    resourceType: 'test',
    fqn,
    file,
    path: `${names.short}.sql`,
    config: outerConfig(withLayer(layers, settings), 'test'),
  }
  const reached = reach(context, subject, macro, kwargs, written.place, target)
  if (!reached) return undefined
  // The test's own settings stand above what its macro says with config().
  const all = withLayer(withLayer(layers, reached.config), written.settings, settings)
  const { config, places, unrenderedConfig } = finalConfig(context, all, 'test')
  const { refs, sources, macros } = reached
  const rawCode = rawCodeOf(written)
  return {
    kind: 'test',
    id,
    name: names.full,
    package: subject.package,
    fqn,
    below: subject.path,
    file,
    place: written.place,
    description: renderDescription(context, written.description),
    columns: [],
    config,
    unrenderedConfig,
    configPlaces: places,
    checksum: '',
    tree: parseTemplate({ path: file.path, text: rawCode }),
    rawCode,
    refs,
    sources,
    macros,
    generic: {
      name: written.name,
      ...(written.namespace === undefined ? {} : { namespace: written.namespace }),
      kwargs,
      ...(columnName === undefined ? {} : { columnName }),
      attachedTo: target,
      macro: macro.id,
    },
  }
}

/** A name that is given replaces the one that is made, in the id too. */
function identify(context: ParseContext, written: WrittenTest, kwargs: JsonObject, target: TestTarget) {
  const { name, namespace, customName } = written
  const identity = { name, namespace, kwargs: exactValues(written, kwargs) }
  const made = testNames(identity, { kind: target.kind, name: targetName(target) })
  const names: TestNames = customName === undefined ? made : { full: customName, short: customName }
  return { names, id: uniqueId('test', context.project.name, names.full, testHash(names.full, identity)) }
}

/** What dbt writes for a generic test; what runs is the macro. */
function rawCodeOf({ name, namespace }: WrittenTest): string {
  return `{{ ${namespace === undefined ? '' : `${namespace}.`}test_${name}(**_dbt_generic_test_kwargs) }}`
}

function findTestMacro(context: ParseContext, { name, namespace, place }: WrittenTest): Macro | undefined {
  const { macros, name: packageName } = context.project
  const found = macros.findTest(name, namespace, packageName)
  if (!found) context.problems.push(testNotFound(name, namespace, place, macros.names()))
  return found
}

/** The arguments as dbt keeps them: those written, the column, and the model as a template. */
function kwargsOf(written: WrittenTest, columnName: string | undefined, target: TestTarget): JsonObject {
  const call = target.kind === 'node' ? `ref('${target.name}')` : `source('${target.source}', '${target.table}')`
  return {
    ...Object.fromEntries([...written.args].map(([key, at]) => [key, at.value])),
    ...(columnName === undefined ? {} : { column_name: columnName }),
    model: `{{ get_where_subquery(${call}) }}`,
  }
}

/** The same arguments with `1.0` told from `1`, which names and ids do. */
function exactValues(written: WrittenTest, kwargs: JsonObject): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(kwargs).map(([key, value]) => {
      const at = written.args.get(key)
      return [key, at && at.value === value ? exactValue(at) : value]
    }),
  )
}

function exactValue(at: LocatedValue): unknown {
  const { value, written = '' } = at
  // To YAML 1.1, which dbt reads, `1e3` is text: a float has a dot.
  if (typeof value === 'number' && /^[-+]?\d+[eE]/.test(written)) return written
  if (typeof value === 'number') return written.includes('.') ? float(value) : value
  if (Array.isArray(value)) return itemsOf(at).map(exactValue)
  if (isJsonObject(value)) return new Dict(entriesOf(at).map(([key, child]) => [key, exactValue(child)] as const))
  return value
}

function targetName(target: TestTarget): string {
  return target.kind === 'node' ? target.name : `${target.source}_${target.table}`
}

/** What holds for a test without being said: the tags of its source and its column, and an alias where its name is too long. */
function implicitSettings(
  written: WrittenTest,
  column: WrittenColumn | undefined,
  names: TestNames,
  inherited: readonly string[],
): readonly ConfigEntries[] {
  const entry = (key: string, value: Json): ConfigEntry => ({ key, at: valueAt(written.place, value, key) })
  const tags = [...inherited, ...(column?.tags ?? []), ...(column?.config?.tags ?? [])]
  return [
    [
      ...(tags.length > 0 ? [entry('tags', tags)] : []),
      ...(names.short === names.full ? [] : [entry('alias', names.short)]),
    ],
  ]
}

interface Reached extends NamedReferences {
  readonly config: ConfigEntries
}

/** Tests whose macros reach nothing but what they test, so that they need not be rendered to be parsed; as in dbt. */
const REACH_ONLY_THEIR_TARGET: ReadonlySet<string> = new Set(
  ['test_not_null', 'test_unique'].map((name) => uniqueId('macro', BUILTIN_PACKAGE, name)),
)

function reach(
  context: ParseContext,
  subject: ParseSubject,
  macro: Macro,
  kwargs: JsonObject,
  place: Span,
  target: TestTarget,
): Reached | undefined {
  if (REACH_ONLY_THEIR_TARGET.has(macro.id)) return { ...targetReferences(target, macro.id), config: [] }
  const capture = collecting(context.problems, () => captureGenericTest(context.project, subject, macro, kwargs, place))
  if (!capture) return undefined
  const here = <Call extends object>(call: Call) => ({ ...call, place })
  return {
    refs: capture.refs.map(here),
    sources: capture.sources.map(here),
    macros: [...new Set([macro.id, ...capture.macros])],
    config: capture.config.map(({ key, value, place: written = place }) => ({ key, at: valueAt(written, value, key) })),
  }
}

function targetReferences(target: TestTarget, macro: UniqueId): NamedReferences {
  const { place } = target
  if (target.kind === 'node') return { refs: [{ name: target.name, place }], sources: [], macros: [macro] }
  return { refs: [], sources: [{ source: target.source, table: target.table, place }], macros: [macro] }
}

function testNotFound(
  name: string,
  namespace: string | undefined,
  place: Span,
  macroNames: readonly string[],
): Diagnostic {
  const tests = macroNames.filter((macro) => macro.startsWith('test_')).map((macro) => macro.slice('test_'.length))
  const where = namespace === undefined ? '' : ` in the package "${namespace}"`
  return problem('test-not-found', `There is no data test "${name}"${where}.`, {
    place,
    hint: didYouMean(name, tests) ?? `define it: {% test ${name}(model) %} … {% endtest %} in tests/generic/`,
  })
}
