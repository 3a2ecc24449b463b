import { raise } from '../../errors.ts'
import { iterate, mappingEntries, tryIterate, unpack } from '../../values/iterate.ts'
import { toJsonText } from '../../values/json.ts'
import { integerArgument } from '../../values/methods/list.ts'
import { str } from '../../values/text.ts'
import { truthy } from '../../values/truth.ts'
import { isUndefined } from '../../values/types.ts'
import { escapeMarkup } from './escape-markup.ts'
import { type FilterTable, filter, isGiven, textFilter } from './filter.ts'
import { urlize } from './urlize.ts'

/** Filters for HTML, URLs and JSON. Nothing is escaped unless it is asked for: templates write SQL. */
export const MARKUP_FILTERS: FilterTable = [
  ['escape', textFilter(escapeMarkup)],
  ['e', textFilter(escapeMarkup)],
  ['forceescape', textFilter(escapeMarkup)],
  ['safe', filter([], (value) => value)],
  ['striptags', textFilter(stripTags)],
  ['urlencode', filter([], urlEncode)],
  ['urlize', filter(['trim_url_limit', 'nofollow', 'target', 'rel', 'extra_schemes'], urlizeFilter)],
  ['xmlattr', filter(['autospace'], xmlAttributes)],
  ['tojson', filter(['indent'], toJson)],
]

function stripTags(text: string): string {
  const plain = text.replace(/<!--[\s\S]*?-->/g, '').replace(/<[^>]*>/g, '')
  return plain
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
}

function urlEncode(value: unknown): string {
  if (typeof value === 'string') return quoteUrl(value, true)
  const pairs = mappingEntries(value) ?? tryIterate(value)?.map((pair) => unpack(pair, 2))
  if (!pairs) return quoteUrl(str(value), true)
  return pairs.map(([key, item]) => `${quoteUrl(str(key), false)}=${quoteUrl(str(item), false)}`).join('&')
}

/** In a query string, a space is a plus and a slash is quoted. */
function quoteUrl(text: string, keepsSlash: boolean): string {
  const quoted = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return keepsSlash ? quoted.replaceAll('%2F', '/') : quoted.replaceAll('%20', '+')
}

function urlizeFilter(
  value: unknown,
  limit: unknown,
  noFollow: unknown,
  target: unknown,
  rel: unknown,
  schemes: unknown,
): string {
  const extraRel = isGiven(rel) ? str(rel).split(/\s+/) : []
  return urlize(str(value), {
    limit: isGiven(limit) ? integerArgument(limit) : undefined,
    rel: [...new Set([...extraRel, ...(truthy(noFollow) ? ['nofollow'] : []), 'noopener'])]
      .filter(Boolean)
      .sort()
      .join(' '),
    target: isGiven(target) ? str(target) : undefined,
    extraSchemes: isGiven(schemes) ? iterate(schemes).map(str) : [],
  })
}

function xmlAttributes(value: unknown, autoSpace: unknown): string {
  const entries = mappingEntries(value) ?? raise('TypeError', 'xmlattr needs a dict')
  const attributes = entries
    .filter(([, item]) => item !== null && !isUndefined(item))
    .map(([key, item]) => {
      if (/[\s/>=]/.test(str(key))) raise('ValueError', `Invalid character in attribute name: '${str(key)}'`)
      return `${escapeMarkup(str(key))}="${escapeMarkup(str(item))}"`
    })
  const text = attributes.join(' ')
  return text !== '' && (autoSpace === undefined || truthy(autoSpace)) ? ` ${text}` : text
}

/** Keys are sorted and what HTML could trip over is escaped, as Jinja does. */
function toJson(value: unknown, indent: unknown): string {
  const text = toJsonText(value, { indent: isGiven(indent) ? integerArgument(indent) : undefined, sortsKeys: true })
  return text.replace(/[<>&']/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)
}
