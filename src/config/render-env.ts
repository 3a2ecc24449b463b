import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { type CallSite, hostFunction, parseTemplate, renderNative, type Scope, toPlain } from '../template/index.ts'
import type { Span } from '../text/source-file.ts'
import type { Json } from '../util/json.ts'
import { entriesOf, itemsOf, type LocatedValue, withValue } from './located-value.ts'
import { writtenText } from './written-text.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const SECRET_PREFIX = 'DBT_ENV_SECRET'

/**
 * Renders every text of a value with nothing but `env_var`, natively: a template that is one expression gives its value.
 * For what is read before there is a project: profiles, and the project file's own names and paths. The values of secret
 * variables (`DBT_ENV_SECRET…`) that were read are added to `secrets`; without it, secrets are refused.
 * Throws `UserError` at the place of the text.
 */
export function renderWithEnvironment(at: LocatedValue, environment: Environment, secrets?: Set<string>): LocatedValue {
  return withValue(at, rendered(at, environmentScope(environment, secrets)))
}

function rendered(at: LocatedValue, scope: Scope): Json {
  const { value } = at
  if (Array.isArray(value)) return itemsOf(at).map((item) => rendered(item, scope))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(entriesOf(at).map(([key, child]) => [key, rendered(child, scope)]))
  }
  if (typeof value !== 'string' || !/\{[{%#]/.test(value)) return value
  return renderText(value, at.place, scope)
}

function renderText(text: string, place: Span, scope: Scope): Json {
  const extent = writtenText(text, place)
  // A rendered value is plain data: `env_var` gives text, and filters and literals nothing that JSON could not hold.
  if (extent) return toPlain(renderNative(parseTemplate(place.file, extent), scope)) as Json
  try {
    return toPlain(renderNative(parseTemplate({ path: place.file.path, text }), scope)) as Json
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const diagnostics = error.diagnostics.map(({ related: _, ...diagnostic }) => ({ ...diagnostic, place }))
    throw new UserError(diagnostics, { cause: error })
  }
}

function environmentScope(environment: Environment, secrets: Set<string> | undefined): Scope {
  const envVar = hostFunction('env_var', (args, kwargs, call) => {
    const name = String(args[0] ?? kwargs.get('var') ?? '')
    const isSecret = name.startsWith(SECRET_PREFIX)
    if (isSecret && !secrets) return secretRefused(name, call)
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (value === undefined) return args[1] ?? kwargs.get('default') ?? envVarMissing(name, environment, call)
    if (isSecret && value !== '') secrets?.add(value)
    return value
  })
  return { lookup: (name) => (name === 'env_var' ? envVar : undefined) }
}

function envVarMissing(name: string, environment: Environment, call: CallSite): never {
  const known = Object.keys(environment).filter((key) => !key.startsWith(SECRET_PREFIX))
  const hint = didYouMean(name, known) ?? `set it, or give a default: env_var('${name}', '…')`
  throw new UserError(
    problem('env-var-missing', `The environment variable "${name}" is not set.`, { place: call.place, hint }),
  )
}

function secretRefused(name: string, call: CallSite): never {
  const message = `The environment variable "${name}" is a secret, and secrets cannot be read here.`
  throw new UserError(
    problem('secret-in-template', message, { place: call.place, hint: 'secrets can be read in profiles.yml only' }),
  )
}
