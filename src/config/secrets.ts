import type { Environment } from './render-env.ts'

const SECRET_PREFIX = 'DBT_ENV_SECRET'

/** The values of environment variables that are secrets by their names. */
export function secretsOfEnvironment(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith(SECRET_PREFIX) && value ? [value] : [],
  )
}

/**
 * The secrets that can be hidden: one that is part of a name which has to be shown, as in `user: shop, password: shop`, is
 * none. Names are words; what else is public, such as the address of a database, may well hold a secret.
 */
export function hideable(secrets: Iterable<string>, shown: readonly string[]): readonly string[] {
  const names = shown.filter((text) => /^[\w.@-]+$/.test(text))
  return [...secrets].filter((secret) => !names.some((name) => name.includes(secret)))
}

/** Text without the secrets that it holds, as they are or as JSON, SQL and XML write them. */
export function scrub(text: string, secrets: Iterable<string>): string {
  // The longest first: one secret may be part of another.
  const written = [...new Set([...secrets].flatMap(writtenForms))].sort((a, b) => b.length - a.length)
  return written.reduce((clean, secret) => clean.replaceAll(secret, '*****'), text)
}

function writtenForms(secret: string): readonly string[] {
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  return [secret, JSON.stringify(secret).slice(1, -1), secret.replaceAll("'", "''"), xml]
}
