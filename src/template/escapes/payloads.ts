/**
 * Ways out of the sandbox that were tried. Each payload shows that it got out by what it prints (the version of the
 * process, the source of a function), by a global it sets or by a prototype it changes.
 */
export interface Payload {
  readonly way: string
  readonly template: string
  /** Whether the payload works on stock nunjucks; the test proves it either way. */
  readonly stock: 'escapes' | 'harmless'
}

const RUN = `("return process.version")()`
/** Stock nunjucks takes quotes, back-ticks and wide spaces for parts of a name and pastes names into its code. */
const INJECTED = 'a"\u2003in\u2003Function`globalThis\\x2ePWNED\\x3d1```\u2003in\u2003"b'

function escapes(way: string, ...templates: readonly string[]): readonly Payload[] {
  return templates.map((template) => ({ way, template, stock: 'escapes' }) as const)
}

function harmless(way: string, ...templates: readonly string[]): readonly Payload[] {
  return templates.map((template) => ({ way, template, stock: 'harmless' }) as const)
}

export const PAYLOADS: readonly Payload[] = [
  ...escapes(
    'the constructor of a function',
    `{{ greet.constructor${RUN} }}`,
    `{{ range.constructor${RUN} }}`,
    `{{ constructor.constructor${RUN} }}`,
    `{{ joiner().constructor${RUN} }}`,
    `{{ cycler('a').next.constructor${RUN} }}`,
    `{% macro cents() %}{% endmacro %}{{ cents.constructor${RUN} }}`,
    `{% macro wrap() %}{{ caller.constructor${RUN} }}{% endmacro %}{% call wrap() %}{% endcall %}`,
    `{% set make = greet.constructor %}{{ make${RUN} }}`,
    `{% if greet.constructor${RUN} %}{{ greet.constructor${RUN} }}{% endif %}`,
    `{% for version in [greet.constructor${RUN}] %}{{ version }}{% endfor %}`,
    `{% filter upper %}{{ greet.constructor${RUN} }}{% endfilter %}`,
  ),
  ...escapes(
    'the constructor of a value',
    `{{ text.constructor.constructor${RUN} }}`,
    `{{ (1).constructor.constructor${RUN} }}`,
    `{{ true.constructor.constructor${RUN} }}`,
    `{{ items.constructor.constructor${RUN} }}`,
    `{{ settings.constructor.constructor${RUN} }}`,
    `{% for item in items %}{{ loop.constructor.constructor${RUN} }}{% endfor %}`,
    `{{ r/a/.constructor.constructor${RUN} }}`,
  ),
  ...escapes(
    'the constructor of a method',
    `{{ text.sub.constructor${RUN} }}`,
    `{{ text.at.constructor${RUN} }}`,
    `{{ items.map.constructor${RUN} }}`,
    `{{ settings.toString.constructor${RUN} }}`,
    `{{ settings.valueOf.call.constructor${RUN} }}`,
    `{{ settings.__defineGetter__.constructor${RUN} }}`,
    `{{ settings.__lookupGetter__('__proto__').constructor${RUN} }}`,
    `{{ greet.bind.constructor${RUN} }}`,
    `{{ greet.call.call.constructor${RUN} }}`,
  ),
  ...escapes(
    'a name that is put together',
    `{{ greet['constructor']${RUN} }}`,
    `{{ greet['constr' ~ 'uctor']${RUN} }}`,
    `{{ greet['constructor' | lower]${RUN} }}`,
    `{{ greet[['constructor']]${RUN} }}`,
    `{{ settings['__proto__']['toString']['constructor']${RUN} }}`,
    `{{ settings.__proto__.constructor.constructor${RUN} }}`,
  ),
  ...escapes(
    'a function as argument',
    `{{ text.replace('a', greet.constructor("return process.version")) }}`,
    `{{ items.map(greet.constructor("return process.version")) }}`,
    `{{ items.sort(greet.constructor("globalThis.PWNED = 1; return 0")) }}`,
    `{{ items.concat([1]).filter(greet.constructor("globalThis.PWNED = 1")) }}`,
  ),
  ...escapes(
    'an attribute through a filter',
    `{{ items | join(',', 'constructor') }}`,
    `{{ items | sum('constructor') }}`,
  ),
  ...harmless(
    'an attribute through a filter',
    `{{ items | groupby('constructor') | dump }}`,
    `{{ greet | attr('constructor') }}`,
    `{{ settings | attr('__proto__') }}`,
    `{{ [greet] | map(attribute='constructor') | list }}`,
    `{{ [greet] | map('attr', 'constructor') | list }}`,
    `{{ [text] | map(attribute='constructor.constructor') | list }}`,
    `{{ items | sort(attribute='constructor') }}`,
    `{{ items | unique(attribute='constructor') | list }}`,
    `{{ items | max(attribute='constructor') }}`,
    `{{ text | constructor }}`,
    `{{ text | __proto__ }}`,
    `{{ text is constructor }}`,
    `{{ items | map('constructor') | list }}`,
    `{{ items | select('constructor') | list }}`,
    `{{ greet | tojson }}`,
    `{{ items | tojson(greet) }}`,
    `{% filter constructor %}x{% endfilter %}`,
  ),
  ...harmless(
    'a format string',
    `{{ '{0.constructor}'.format(greet) }}`,
    `{{ '{0.constructor.constructor}'.format(text) }}`,
    `{{ '{0[constructor]}'.format(settings) }}`,
    `{{ '{x.__proto__}'.format(x=settings) }}`,
    `{{ '{0.call}'.format(greet) }}`,
    `{{ '{:{0.constructor}}'.format(text) }}`,
    `{{ '%(constructor)s' % settings }}`,
    `{{ '{constructor}'.format_map(settings) }}`,
  ),
  ...escapes(
    'a prototype that is written to',
    `{{ greet.constructor("Object.prototype.polluted = 1")() }}`,
    `{{ items.map.constructor("Array.prototype.polluted = 1")() }}`,
    `{{ settings.__proto__.__defineGetter__('polluted', greet) }}`,
    `{{ items.__proto__.push.call(settings.__proto__, 1) }}`,
  ),
  ...harmless(
    'a prototype that is written to',
    `{{ settings.constructor.assign(settings.__proto__, {polluted: 1}) }}`,
    `{{ settings.constructor.defineProperty(settings.__proto__, 'polluted', {value: 1, configurable: true}) }}`,
    `{% set settings.__proto__.polluted = 1 %}`,
    `{% set ns = namespace() %}{% set ns.__proto__ = {'polluted': 1} %}{{ ns.polluted }}`,
    `{% set ns = namespace(__proto__={'polluted': 1}) %}{{ ns.polluted }}`,
    `{% do settings.update({'__proto__': {'polluted': 1}}) %}{{ settings.polluted }}`,
    `{% do settings.__proto__.update({'polluted': 1}) %}`,
    `{% do settings.setdefault('__proto__', {}).update(polluted=1) %}`,
    `{{ dict(__proto__={'polluted': 1}).polluted }}`,
    `{{ {'__proto__': {'polluted': 1}}.polluted }}`,
    `{{ dict([['__proto__', {'polluted': 1}]]).polluted }}`,
    `{{ {'__proto__': {'polluted': 1}} | tojson }}`,
  ),
  ...escapes(
    'a name of an argument',
    `{% macro cents(constructor, prototype) %}{{ constructor }}{% endmacro %}{{ cents(prototype=1) }}`,
  ),
  ...harmless(
    'a name of an argument',
    `{{ greet(__proto__={'polluted': 1}) }}`,
    `{{ greet(__keywords=true, constructor=1) }}`,
    `{% macro cents() %}{{ kwargs.constructor }}{{ kwargs.polluted }}{% endmacro %}{{ cents(__proto__={'polluted': 1}) }}`,
    `{{ greet(**{'__proto__': {'polluted': 1}}) }}`,
  ),
  ...harmless(
    'a name of the generated code',
    '{{ R }}{{ K }}{{ C }}{{ F }}{{ o }}{{ p }}{{ e }}{{ v1 }}{{ t1 }}',
    '{{ R.add }}',
    '{{ K[0] }}{{ K.push }}',
    '{{ F.places.file }}',
    '{{ C.scope.lookup }}',
    '{% set R = 1 %}{% set F = 2 %}{% set o = 3 %}{{ R + F + o }}',
    '{{ process.version }}',
    '{{ globalThis.process.version }}',
    '{{ this.constructor }}',
    '{{ arguments }}{{ eval }}{{ require }}{{ module }}',
    '{{ env }}{{ frame }}{{ context }}{{ runtime }}{{ self }}',
  ),
  ...harmless(
    'a property of a function',
    '{{ greet.prototype }}',
    '{{ greet.caller }}{{ greet.arguments }}',
    "{{ ''.__class__.__mro__ }}",
    '{{ greet.__globals__ }}',
    "{{ settings['Symbol(Symbol.iterator)'] }}{{ items['@@iterator'] }}",
  ),
  ...escapes(
    'code in a name',
    `{{ ${INJECTED} }}`,
    `{% set ${INJECTED} = 1 %}`,
    `{{ text | default(${INJECTED}) }}`,
    `{{ settings[${INJECTED}] }}`,
    `{% if ${INJECTED} %}{% endif %}`,
    `{% for item in ${INJECTED} %}{% endfor %}`,
    `{{ greet(${INJECTED}) }}`,
    `{% macro ${INJECTED}() %}{% endmacro %}`,
    `{{ text is ${INJECTED} }}`,
    `{{ text | ${INJECTED} }}`,
  ),
  ...harmless(
    'code in a name',
    `{% ${INJECTED} %}`,
    `{{ greet(${INJECTED}=1) }}`,
    `{{ settings.${INJECTED} }}`,
    `{% macro cents(${INJECTED}) %}{% endmacro %}`,
    '{{ a`b` }}',
    '{{ a\\u0022b }}',
    '{{ a\u200bb }}',
    '{{ ａ }}{{ ñandú }}{{ 变量 }}',
  ),
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these placeholders must stay what they are
  ...harmless(
    'code in a text',
    '${process.version} `${process.version}`',
    '"+process.version+"',
    "'+process.version+'",
    '\\"+process.version+\\"',
    '*/ globalThis.PWNED = 1 /*',
    '\u2028globalThis.PWNED = 1\u2029',
    '</script>\\u0022;globalThis.PWNED=1;//',
    '{# */ globalThis.PWNED = 1 /* #}',
    '{{ "\\"; globalThis.PWNED = 1; \\"" }}',
    "{{ '\u2028globalThis.PWNED = 1' }}",
    "{{ '${process.version}' ~ '`' }}",
    '{% raw %}`${globalThis.PWNED = 1}`{% endraw %}',
  ),
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above
  ...harmless('another file', "{% include '/etc/passwd' %}", "{% import 'x.sql' as x %}", "{% extends 'x.sql' %}"),
]
