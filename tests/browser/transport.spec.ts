import { type Edge, type Provider, type Start, expect, test, WeirPage } from './support/house.ts';

const pieces = [
  'It moors ',
  'at a berth [1]',
  ',\n\n',
  '1. waits\n',
  '2. sails on — “wäit” 🚢\n',
  '\nEnd.',
];
const question = 'Where does a ferry moor when the tide is low?';

/** What the page shows for `pieces`, however they came. */
const shown = /It moors at a berth\s1,\s*waits\s*sails on — “wäit” 🚢\s*End\./;

test('Where WebSocket is refused, the same answer comes over HTTP', async ({
  page,
  edge,
  provider,
  start,
}) => {
  provider.script = { pieces };
  const proxy = await start.proxy(edge);
  proxy.refuseUpgrade = true;
  const weir = new WeirPage(page);
  await weir.open(proxy.url);
  await expect(weir.connection).toHaveText('HTTP');
  await weir.ask(question);
  await weir.answered();
  await expect(weir.connection).toHaveText('HTTP');
  await expect(weir.text()).toHaveText(shown);
  expect(provider.calls.length).toBe(1);
});

for (const [transport, positions] of [
  ['WebSocket', [0, 1, 137, 420, 700, 860]],
  ['HTTP', [0, 1, 97, 480, 620, 760, 900, 1100]],
] as const) {
  test(`An answer over ${transport} that is cut arrives whole, each character once`, async ({
    page,
    edge,
    provider,
    start,
  }) => {
    test.setTimeout(90_000);
    provider.script = { pieces, betweenDelay: 25 };
    for (const position of positions)
      await cutAt(position, transport, { page, edge, provider, start });
  });
}

interface House {
  page: import('@playwright/test').Page;
  edge: Edge;
  provider: Provider;
  start: Start;
}

async function cutAt(position: number, transport: string, { page, edge, provider, start }: House) {
  await test.step(`cut after ${position} bytes`, async () => {
    const proxy = await start.proxy(edge);
    proxy.refuseUpgrade = transport === 'HTTP';
    const weir = new WeirPage(page);
    await weir.open(proxy.url);
    if (transport === 'WebSocket') await expect(weir.connection).toHaveText(transport);
    const calls = provider.calls.length;
    proxy.cutAfter(position);
    await weir.ask(question);
    await weir.answered();
    await expect(weir.text()).toHaveText(shown);
    await expect(weir.answer.getByRole('alert')).toHaveCount(0);
    expect(proxy.cuts).toBe(1);
    expect(provider.calls.length - calls).toBe(1);
  });
}
