import { itemsOf, withValue } from '../../config/located-value.ts'
import { configEntries } from '../../config/merge-config.ts'
import type { ParseSubject } from '../../context/index.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { JsonObject } from '../../util/json.ts'
import { isJsonObject } from '../../util/json.ts'
import { finalConfig, outerLayers } from './configure.ts'
import { fqnOf } from './names.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { ParsedExposure } from './parsed.ts'
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
  return {
    id: subject.id,
    name,
    package: packageName,
    fqn,
    file,
    place: at.child('name').place,
    properties: propertiesOf(context, written),
    refs: captures.flatMap(({ refs }) => refs),
    sources: captures.flatMap(({ sources }) => sources),
    enabled: (written.enabled ?? true) && config.enabled,
  }
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
