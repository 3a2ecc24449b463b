import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { RefCall } from '../manifest/nodes.ts'
import { type CallSite, Undefined } from '../template/index.ts'

/** Fails at a call; the engine adds the macros that led there. */
export function failAt(call: CallSite, code: string, message: string, hint?: string): never {
  throw new UserError(problem(code, message, { place: call.place, ...(hint === undefined ? {} : { hint }) }))
}

/**
 * Waits for what a template asked of the database. What the engine says no with becomes an error at the call; an interruption
 * stays what it is. (The adapters' `DatabaseError` is known by its name: this folder does not know theirs.)
 */
export async function askedAt<Result>(call: CallSite, answer: Promise<Result>): Promise<Result> {
  try {
    return await answer
  } catch (error) {
    if (!isDatabaseError(error) || error.code === 'interrupted') throw error
    throw new UserError(problem('database', `${error.title}: ${error.message}`, { place: call.place }), {
      cause: error,
    })
  }
}

function isDatabaseError(error: unknown): error is Error & { readonly code: unknown; readonly title: unknown } {
  return error instanceof Error && error.name === 'DatabaseError' && 'code' in error && 'title' in error
}

/** A name that nothing answers to. Harmless until something is asked of it. */
export class MissingName extends Undefined {
  private readonly message: string
  private readonly hint: () => string | undefined

  constructor(name: string, message: string, hint: () => string | undefined) {
    super(`'${name}' is undefined`)
    this.message = message
    this.hint = hint
  }

  /** Without a place: the engine knows it. */
  override fail(): never {
    const hint = this.hint()
    throw new UserError(problem('macro-not-found', this.message, hint === undefined ? {} : { hint }))
  }
}

export function varMissing(call: CallSite, name: string, known: Iterable<string>): never {
  const hint = didYouMean(name, known) ?? `set it under "vars:" in the project file, or give var("${name}", <default>)`
  return failAt(call, 'var-missing', `There is no variable "${name}".`, hint)
}

export function envVarMissing(call: CallSite, name: string, known: Iterable<string>): never {
  const hint = didYouMean(name, known) ?? `set it, or give env_var("${name}", <default>)`
  return failAt(call, 'env-var-missing', `The environment variable "${name}" is not set.`, hint)
}

export function secretRefused(call: CallSite, name: string): never {
  const message = `The environment variable "${name}" is a secret, and secrets cannot be read here.`
  return failAt(call, 'secret-in-template', message, 'secrets can be read in profiles.yml only')
}

export function configMissing(call: CallSite, key: string, node: string): never {
  return failAt(call, 'config-missing', `The config "${key}" of "${node}" is required and not set.`)
}

/** A `ref` or `source` whose arguments are not what it takes. */
export function referenceInvalid(call: CallSite, name: 'ref' | 'source', message: string): never {
  const hint =
    name === 'ref' ? "ref('model'), ref('package', 'model') or ref('model', v=2)" : "source('source', 'table')"
  return failAt(call, `${name}-invalid`, message, `write ${hint}`)
}

export function refNotFound(call: CallSite, ref: RefCall, names: Iterable<string>): never {
  const message = `There is no model, seed or snapshot named "${ref.name}"${inPackage(ref)}.`
  return failAt(call, 'ref-not-found', message, didYouMean(ref.name, names))
}

/** Found while running, but not while parsing: the node was not waited for. */
export function refNotDeclared(call: CallSite, ref: RefCall, node: string): never {
  const message = `"${node}" refers to "${ref.name}" only while it runs, so its place in the order of the run is not known.`
  const args = ref.package === undefined ? `'${ref.name}'` : `'${ref.package}', '${ref.name}'`
  return failAt(call, 'ref-not-declared', message, `add this line to "${node}": -- depends_on: {{ ref(${args}) }}`)
}

export function sourceNotFound(call: CallSite, source: string, table: string, names: Iterable<string>): never {
  return failAt(
    call,
    'source-not-found',
    `There is no source "${source}.${table}".`,
    didYouMean(`${source}.${table}`, names),
  )
}

export function sourceNotDeclared(call: CallSite, source: string, table: string, node: string): never {
  const message = `"${node}" refers to the source "${source}.${table}" only while it runs, so it is not known to depend on it.`
  const hint = `add this line to "${node}": -- depends_on: {{ source('${source}', '${table}') }}`
  return failAt(call, 'source-not-declared', message, hint)
}

export function dispatchFailed(call: CallSite, name: string, tried: readonly string[], names: Iterable<string>): never {
  const near = didYouMean(name, names)
  const searched = `searched for ${tried.map((candidate) => `"${candidate}"`).join(', ')}`
  return failAt(call, 'macro-not-found', `There is no macro "${name}" to dispatch to.`, near ?? searched)
}

function inPackage(ref: RefCall): string {
  return ref.package === undefined ? '' : ` in the package "${ref.package}"`
}
