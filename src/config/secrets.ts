import type { Environment } from './render-env.ts'

const SECRET_PREFIX = 'DBT_ENV_SECRET'

/** The values of environment variables that are secrets by their names. */
export function secretsOfEnvironment(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith(SECRET_PREFIX) && value ? [value] : [],
  )
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
