import { childOf, itemsOf, type LocatedValue, withValue } from '../../config/located-value.ts'
import { configEntries } from '../../config/merge-config.ts'
import type { ParseSubject } from '../../context/index.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { JsonObject } from '../../util/json.ts'
import { isJsonObject } from '../../util/json.ts'
import { finalConfig, outerLayers } from './configure.ts'
import { fqnOf } from './names.ts'
import { readPanels, type WrittenPanel } from './panels.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { ParsedExposure, ParsedPanel } from './parsed.ts'
import type { InFile } from './properties.ts'
import type { WrittenExposure } from './properties-shape.ts'
import { captureText } from './references.ts'

/** An exposure: what is made of the models outside, such as a dashboard. */
export function parseExposure(
  context: ParseContext,
  { written, file, below }: InFile<WrittenExposure>,
): ParsedExposure {
  const packageName = context.project.name
  const { name, at } = written
  const fqn = fqnOf(packageName, below, name)
  const entries = written.config ? [configEntries(written.config)] : []
  const { config } = finalConfig(context, outerLayers(context, 'exposure', fqn, entries), 'exposure')
  const subject: ParseSubject = {
    id: uniqueId('exposure', packageName, name),
    name,
    package: packageName,
    resourceType: 'exposure',
    fqn,
    file,
    path: below,
    config,
  }
  const calls = written.depends_on === undefined ? [] : itemsOf(at.child('depends_on'))
  const captures = calls.flatMap((call) => captureText(context, subject, templateOf(call.value), call.place) ?? [])
  if (written.panels) context.problems.push(panelsBesideMeta(written.panels))
  const meta = metaOf(written)
  const { panels: writtenPanels, allowance } = readPanels(meta, context.problems)
  const panels = writtenPanels.flatMap((panel) => parsePanel(context, subject, panel) ?? [])
  if (panels.length > 0 && written.type !== 'dashboard') context.problems.push(panelsOfOthers(meta, written))
  return {
    id: subject.id,
    name,
    package: packageName,
    fqn,
    file,
    place: at.child('name').place,
    properties: propertiesOf(context, written),
    refs: [...captures.flatMap(({ refs }) => refs), ...panels.map(({ model }) => model)],
    sources: captures.flatMap(({ sources }) => sources),
    panels,
    ...(allowance ? { allowance } : {}),
    enabled: (written.enabled ?? true) && config.enabled,
  }
}

/** What stands in `config` replaces what stands beside it. */
function metaOf({ at, config }: WrittenExposure): LocatedValue | undefined {
  return (config && childOf(config, 'meta')) ?? childOf(at, 'meta')
}

/** A panel with the call that its model is. What it depends on, the exposure does too. */
function parsePanel(
  context: ParseContext,
  subject: ParseSubject,
  { model, ...panel }: WrittenPanel,
): ParsedPanel | undefined {
  const capture = captureText(context, subject, templateOf(model.value), model.place)
  if (!capture) return undefined
  const [call, ...others] = capture.refs
  if (!call || others.length > 0 || capture.sources.length > 0) {
    context.problems.push(panelModel(panel.name, model))
    return undefined
  }
  return { ...panel, model: call, modelPlace: model.place }
}

function panelModel(name: string, { value, place }: LocatedValue): Diagnostic {
  return problem('panel-model', `The panel "${name}" shows one model, seed or snapshot, and "${value}" is none.`, {
    place,
    hint: "write model: ref('orders')",
  })
}

function panelsBesideMeta({ keyPlace }: LocatedValue): Diagnostic {
  return problem('unknown-key', 'There is no key "panels" in an exposure.', {
    place: keyPlace,
    hint: 'panels stand below "meta", where dbt takes them too',
  })
}

function panelsOfOthers(meta: LocatedValue | undefined, { at, name }: WrittenExposure): Diagnostic {
  const place = meta?.child('panels').keyPlace ?? at.place
  return problem('panel-setting', `"${name}" has panels and is no dashboard.`, {
    place,
    hint: 'make its type dashboard',
  })
}

/** `depends_on` holds calls without braces. */
function templateOf(value: unknown): string {
  const text = String(value)
  return text.includes('{{') ? text : `{{ ${text} }}`
}

/** All that was written but the calls, which are ids now. */
function propertiesOf(context: ParseContext, { at, description }: WrittenExposure): JsonObject {
  const { depends_on: _, ...properties } = isJsonObject(at.value) ? at.value : {}
  if (description === undefined) return properties
  return { ...properties, description: renderDescription(context, withValue(at.child('description'), description)) }
}
