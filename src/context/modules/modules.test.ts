import { expect, test } from 'vitest'
import { parseTemplate } from '../../template/index.ts'
import { subject, templateProject } from '../../test/template-project.ts'
import { renderForParse } from '../render-for-parse.ts'

function render(text: string): string {
  const file = { path: 'models/orders.sql', text }
  return renderForParse(templateProject(), subject('orders', { file }), parseTemplate(file)).rendered
}

// The expected texts are those of Python 3.11, rendered by Jinja.
test.each([
  ['{{ modules.datetime.datetime(2024, 2, 29, 13, 4, 5, 120) }}', '2024-02-29 13:04:05.000120'],
  [
    '{{ [modules.datetime.datetime(2024, 2, 29, 13, 4), modules.datetime.date(2024, 2, 29), modules.datetime.timedelta(days=1, hours=2)] }}',
    '[datetime.datetime(2024, 2, 29, 13, 4), datetime.date(2024, 2, 29), datetime.timedelta(days=1, seconds=7200)]',
  ],
  [
    `{{ modules.datetime.datetime(2024, 2, 29).isoformat() }} {{ modules.datetime.datetime(2024, 2, 29, 1, 2, 3, 4).isoformat(' ', 'milliseconds') }}`,
    '2024-02-29T00:00:00 2024-02-29 01:02:03.000',
  ],
  [
    '{{ modules.datetime.date(2024, 3, 1) - modules.datetime.timedelta(days=1) }} {{ (modules.datetime.date(2024, 3, 1) - modules.datetime.date(2023, 3, 1)).days }}',
    '2024-02-29 366',
  ],
  [
    '{{ modules.datetime.datetime(2024, 3, 1, 12) - modules.datetime.datetime(2024, 2, 28) }} {{ (modules.datetime.timedelta(hours=-1)) }} {{ modules.datetime.timedelta(days=1, seconds=30).total_seconds() }}',
    '2 days, 12:00:00 -1 day, 23:00:00 86430.0',
  ],
  [
    `{{ modules.datetime.datetime.strptime('2024-02-29 13:04', '%Y-%m-%d %H:%M') + modules.datetime.timedelta(minutes=56) }}`,
    '2024-02-29 14:00:00',
  ],
  [
    `{{ modules.datetime.datetime.fromisoformat('2024-02-29T13:04:05+05:30') }} {{ modules.datetime.datetime.fromisoformat('2024-02-29') }}`,
    '2024-02-29 13:04:05+05:30 2024-02-29 00:00:00',
  ],
  [
    '{{ modules.datetime.date(2024, 2, 29) < modules.datetime.date(2024, 3, 1) }} {{ modules.datetime.date(2024, 2, 29) == modules.datetime.date(2024, 2, 29) }}',
    'True True',
  ],
  [
    '{{ modules.datetime.date(2024, 2, 29).weekday() }} {{ modules.datetime.date(2024, 2, 29).isoweekday() }} {{ modules.datetime.date(2024, 2, 29).toordinal() }} {{ modules.datetime.date(2024, 2, 29).replace(day=1) }}',
    '3 4 738945 2024-02-01',
  ],
  [
    '{{ modules.datetime.datetime(2024, 2, 29, 13, 4).date() }} {{ modules.datetime.datetime(2024, 2, 29, 13, 4).time() }} {{ modules.datetime.datetime(2024, 2, 29, 13, 4).replace(hour=0, minute=30) }}',
    '2024-02-29 13:04:00 2024-02-29 00:30:00',
  ],
  [
    `{{ modules.pytz.timezone('America/New_York').localize(modules.datetime.datetime(2024, 7, 1, 12)) }} {{ modules.datetime.datetime(2024, 7, 1, 12, tzinfo=modules.pytz.utc).astimezone(modules.pytz.timezone('Asia/Kolkata')) }}`,
    '2024-07-01 12:00:00-04:00 2024-07-01 17:30:00+05:30',
  ],
  [
    '{{ modules.datetime.datetime(2024, 2, 29, tzinfo=modules.datetime.timezone.utc).timestamp() }} {{ modules.datetime.datetime.combine(modules.datetime.date(2024, 2, 29), modules.datetime.time(13, 4)) }}',
    '1709164800.0 2024-02-29 13:04:00',
  ],
  [
    '{{ modules.datetime.timedelta(days=3) // modules.datetime.timedelta(days=2) }} {{ modules.datetime.timedelta(days=3) / 2 }} {{ modules.datetime.timedelta(days=1) * 2 > modules.datetime.timedelta(hours=47) }}',
    '1 1 day, 12:00:00 True',
  ],
  [
    `{{ "{:%Y/%m}".format(modules.datetime.date(2024, 2, 29)) }} {{ modules.datetime.datetime(2024, 2, 29).strftime('%A %d %B') }}`,
    '2024/02 Thursday 29 February',
  ],
  [
    `{{ modules.re.sub('[^a-z]+', '_', 'Orders: 2024!'|lower) }} {{ modules.re.findall('(\\\\w)(\\\\d)', 'a1 b2') }} {{ modules.re.findall('\\\\d', 'a1b2') }}`,
    `orders_ [('a', '1'), ('b', '2')] ['1', '2']`,
  ],
  [
    `{{ modules.re.match('(?P<schema>\\\\w+)\\\\.(?P<name>\\\\w+)', 'gold.orders').group('name') }} {{ modules.re.match('x', 'yx') }} {{ modules.re.search('x', 'yx').span() }}`,
    'orders None (1, 2)',
  ],
  [
    `{{ modules.re.split('[,;]\\\\s*', 'a, b;c') }} {{ modules.re.compile('o', modules.re.I).sub('0', 'Oops') }} {{ modules.re.fullmatch('a+', 'aab') }} {{ modules.re.match('(a)(b)?', 'a').groups() }}`,
    `['a', 'b', 'c'] 00ps None ('a', None)`,
  ],
  [
    `{{ modules.re.sub('(\\\\w+) (\\\\w+)', '\\\\2 \\\\1', 'hello world') }} {{ modules.re.sub('a', 'b', 'aaa', count=2) }} {{ modules.re.escape('a.b*c') }} {{ modules.re.match('(?P<y>\\\\d+)-(?P<m>\\\\d+)', '2024-02').groupdict() }}`,
    `world hello bba a\\.b\\*c {'y': '2024', 'm': '02'}`,
  ],
  [
    `{{ modules.itertools.product([1, 2], ['a']) | list }} {{ modules.itertools.combinations([1, 2, 3], 2) | list }} {{ modules.itertools.chain([1], [2, 3]) | list }} {{ modules.itertools.permutations([1, 2]) | list }}`,
    `[(1, 'a'), (2, 'a')] [(1, 2), (1, 3), (2, 3)] [1, 2, 3] [(1, 2), (2, 1)]`,
  ],
  [
    '{{ modules.itertools.zip_longest([1, 2], [3], fillvalue=0) | list }} {{ modules.itertools.accumulate([1, 2, 3]) | list }} {{ modules.itertools.islice([1, 2, 3, 4], 1, 4, 2) | list }} {{ modules.itertools.combinations_with_replacement([1, 2], 2) | list }}',
    '[(1, 3), (2, 0)] [1, 3, 6] [2, 4] [(1, 1), (1, 2), (2, 2)]',
  ],
])('%s', (template, expected) => {
  expect(render(template)).toBe(expected)
})

test.each([
  ['{{ modules.datetime.date(2024, 2, 30) }}', 'day is out of range for month'],
  ["{{ modules.datetime.datetime.strptime('2024', '%Y-%m') }}", "time data '2024' does not match format '%Y-%m'"],
  ["{{ modules.pytz.timezone('Europe/Atlantis') }}", 'There is no time zone "Europe/Atlantis".'],
  ["{{ modules.re.sub('(', 'x', 'y') }}", '"(" is no regular expression.'],
  ['{{ modules.datetime.date(2024, 1, 1, 1) }}', 'date() takes at most 3 arguments but 4 were given.'],
])('%s fails', (template, message) => {
  expect(() => render(template)).toThrow(message)
})

test('the modules of one template are not changed by another', () => {
  expect(() => render("{% do modules.update({'datetime': 1}) %}")).toThrow('update')
})
