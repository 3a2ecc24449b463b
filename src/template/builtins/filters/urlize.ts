import { escapeMarkup } from './escape-markup.ts'

export interface UrlizeOptions {
  readonly limit: number | undefined
  readonly rel: string
  readonly target: string | undefined
  readonly extraSchemes: readonly string[]
}

const WEB =
  /^(?:https?:\/\/|www\.)(?:[\w%-]+\.)*(?:[\w%-]{2,}|\[[\da-f:]+\]|localhost)(?::\d{1,5})?(?:\/[^\s"]*|[?#][^\s"]*)?$/i
const DOMAIN = /^(?:[\w%-]+\.)+(?:com|net|int|edu|gov|org|info|mil)(?::\d{1,5})?(?:\/[^\s"]*)?$/i
const EMAIL = /^\S+@\w[\w.-]*\.\w+$/
const PAIRS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
]

/** Makes links of the addresses in a text. */
export function urlize(text: string, options: UrlizeOptions): string {
  return escapeMarkup(text)
    .split(/(\s+)/)
    .map((word) => linkWord(word, options))
    .join('')
}

function linkWord(word: string, options: UrlizeOptions): string {
  const [head, afterHead] = splitHead(word)
  const [middle, tail] = splitTail(afterHead)
  return head + link(middle, options) + tail
}

function splitHead(word: string): [string, string] {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  return [head, word.slice(head.length)]
}

/** Punctuation at the end is no part of the address, but a closing bracket that was opened inside it is. */
function splitTail(word: string): [string, string] {
  const tail = /(?:[)>.,\n]|&gt;)+$/.exec(word)?.[0] ?? ''
  let middle = word.slice(0, word.length - tail.length)
  let rest = tail
  for (const [open, close] of PAIRS) {
    while (count(middle, open) > count(middle, close) && rest.includes(close)) {
      const end = rest.indexOf(close) + close.length
      middle += rest.slice(0, end)
      rest = rest.slice(end)
    }
  }
  return [middle, rest]
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}

function link(middle: string, options: UrlizeOptions): string {
  const attributes =
    (options.rel ? ` rel="${escapeMarkup(options.rel)}"` : '') +
    (options.target ? ` target="${escapeMarkup(options.target)}"` : '')
  if (WEB.test(middle)) {
    const address = /^https?:/i.test(middle) ? middle : `https://${middle}`
    return `<a href="${address}"${attributes}>${shorten(middle, options.limit)}</a>`
  }
  if (DOMAIN.test(middle)) return `<a href="https://${middle}"${attributes}>${shorten(middle, options.limit)}</a>`
  if (middle.startsWith('mailto:') && EMAIL.test(middle.slice(7))) return `<a href="${middle}">${middle.slice(7)}</a>`
  const isEmail = middle.includes('@') && !middle.startsWith('www.') && !middle.includes(':') && EMAIL.test(middle)
  if (isEmail) return `<a href="mailto:${middle}">${middle}</a>`
  const scheme = options.extraSchemes.find((candidate) => middle !== candidate && middle.startsWith(candidate))
  return scheme === undefined ? middle : `<a href="${middle}"${attributes}>${middle}</a>`
}

function shorten(text: string, limit: number | undefined): string {
  return limit !== undefined && text.length > limit ? `${text.slice(0, limit)}...` : text
}
