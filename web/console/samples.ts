import type { AccountRow, ChannelRow, ClientRow, ConnectResult, MeView, PersonRow } from '../../src/contract.ts'
import type { Plans } from '../../src/incidents/client-words.ts'
import type { ClockView, IncidentRow, StepView, TimelineView, WarRoomView } from '../../src/incidents/view.ts'
import type { RotaView } from '../../src/people/rota-commands.ts'
import { after, BEIJING, before, clockTime, days, hours, type Instant, minutes, seconds } from '../../src/platform/time.ts'

/** The story of the drawing board: found at 03:02, eighteen minutes in. Only the little server for looking uses these. */
export const storyId = '0a1b2c3d-0000-4000-8000-000000002611'
export const takingId = '0a1b2c3d-0000-4000-8000-000000002612'
export const watchedId = '0a1b2c3d-0000-4000-8000-000000002598'

const plans: Plans = {
  A: {
    title: '申请恢复原账号',
    tag: '马上能做',
    does: '用原账号继续，我们跟进平台受理，清查完毕再恢复推送',
    expect: '同类一般约 180 分钟',
    odds: '把握中等，同类 10 次成 6 次',
    asks: '不用操作',
    cost: '恢复前不能推送',
  },
  B: {
    title: '备用号先发，同时处理原账号',
    tag: '效果最好',
    does: '重要内容先从备用号发出，原账号同时清查和申诉',
    expect: '同类一般约 60 分钟',
    odds: '把握较大，同类 10 次成 9 次',
    asks: '确认备用号可用',
    cost: '备用号粉丝较少',
  },
}

export function storyView(now: Instant, found: Instant = before(now, seconds(18 * 60 + 10))): WarRoomView {
  const at = (minute: number) => after(found, minutes(minute))
  const clock = (key: string, title: string, titleEn: string, within: number, took?: number, promise = false): ClockView => ({
    key,
    title,
    titleEn,
    short: title.slice(0, 2),
    dueAt: at(within),
    promise,
    withinMinutes: within,
    ...(took === undefined ? {} : { metAt: at(took), tookMinutes: took }),
  })
  const clocks = [
    clock('contain', '控制账号', 'Contain', 15, 5, true),
    clock('first-word', '首次告知客户', 'First word to client', 15, 11, true),
    clock('evidence', '固定证据', 'Secure evidence', 20, 14),
    clock('platform', '联系平台', 'Contact the platform', 30),
    clock('plans', '给客户两个方案', 'Two plans to client', 30, undefined, true),
    clock('second-sweep', '再查一遍', 'Second sweep', 60),
  ]
  const next = at(48)
  const text = `王总，已删除 2 篇异常文章，已恢复公众号菜单，已保存证据。接下来有两个办法，请您选一个，${clockTime(next)} 前再告诉您进展。`
  return {
    id: storyId,
    number: 'INC-2611',
    serverNow: now,
    mode: 'real',
    severity: 'P1',
    severityRule: '账号上出现了不是我们安排的内容，读者正在看到',
    title: '账号被盗',
    titleEn: 'Stolen account',
    accountName: '青禾教育',
    clientName: '青禾教育',
    agencyName: '云帆托管',
    state: 'acknowledged',
    certainty: 'confirmed',
    detectedAt: found,
    acknowledgedAt: at(2),
    commander: { id: 'lin', name: '林一' },
    mainClock: clocks[4]!,
    clocks,
    now: appeal(at(30), at(14)),
    nowNumber: 7,
    ofNumber: 7,
    actions: [
      ['暂停待发，作废旧令牌', 'Hold and drop tokens', '系统', 1],
      ['留底并清除异常内容', 'Snapshot and clean', '林一', 6],
      ['管理员改密码，下线其他登录', 'Administrator secures login', '林一', 8],
      ['清理运营者和授权', 'Remove operators', '林一', 10],
      ['更换开发密钥', 'Reset the AppSecret', '林一', 13],
      ['导出证据包', 'Export evidence', '系统', 14],
      ['联系平台，判断是否报警', 'Platform and police', '', 0],
    ].map(([title, titleEn, doneBy, minute], index) => ({
      number: index + 1,
      title: String(title),
      titleEn: String(titleEn),
      state: index < 6 ? ('done' as const) : ('current' as const),
      ...(index < 6 ? { doneAt: at(Number(minute)), doneBy: String(doneBy) } : {}),
    })),
    steps: [
      appeal(at(30), at(14)),
      openStep('authorities', '是否需要报警或报告主管部门', 'Police or regulator', at(60)),
      openStep('prove-control', '证明控制权已回来', 'Prove control is back', at(120)),
    ],
    messages: [
      {
        id: 'm1',
        kind: 'first',
        title: '首次告知',
        titleEn: 'First word',
        revision: 1,
        state: 'sent',
        text: `王总，${clockTime(found)} 发现公众号出现了不是我们安排的内容。已暂停全部待发内容，已删除 2 篇异常文章。正在继续清查账号并保存证据。${clockTime(at(30))} 前给您两个处理办法，您暂时不用操作。`,
        nextUpdateAt: at(30),
        sentAt: at(11),
        readAt: at(12),
        ways: [
          { way: '企业微信', result: '送达', at: at(11) },
          { way: '短信', result: '送达', at: at(11) },
        ],
        findings: [],
      },
      {
        id: 'm2',
        kind: 'plans',
        title: '两个方案',
        titleEn: 'Two plans',
        revision: 1,
        state: 'draft',
        text,
        plans,
        nextUpdateAt: next,
        autoAt: at(27),
        chooseUntil: at(38),
        ways: [],
        findings: [],
      },
    ],
    tellNext: 'plans',
    nextUpdateAt: at(30),
    calls: [{ who: '客户', name: '王总', phone: '13900006021' }],
    recipient: { salutation: '王总', ways: ['企业微信', '短信'] },
    articles: [
      { key: 'a1', title: '点击领取教育补贴', removable: true, state: 'removed', by: '系统' },
      { key: 'a2', title: '限时投资返利通知', removable: true, state: 'removed', by: '系统' },
      { key: 'a3', title: '致家长的一封信', url: 'https://mp.weixin.qq.com/', removable: false, state: 'live' },
    ],
    signals: [
      { kind: 'unknown-publication', summary: '出现一篇没有安排过的文章《点击领取教育补贴》', at: found },
      { kind: 'menu-drift', summary: '菜单“领取资料”的链接变了', at: at(1) },
    ],
    holds: [{ id: 'h1', placedAt: at(1), publications: 3 }],
    evidence: [
      { id: 'e1', name: '登录记录.png', hash: '9f3ca8d1520c', at: at(12), by: '林一', source: '截图', step: 'administrator' },
      { id: 'e2', name: '运营者列表.png', hash: '41b7e0a2cc90', at: at(13), by: '林一', source: '截图' },
      { id: 'e3', name: '菜单留底.json', hash: 'a85d113e7bf2', at: at(2), by: '系统', source: '平台查询' },
    ],
    packs: [{ hash: 'c0ffee12ab34', at: at(14) }],
    timeline: timeline(at),
    ladder: { exhausted: false },
    onDuty: { first: '林一', backup: '吴桐' },
    people: [
      { id: 'lin', name: '林一', role: 'duty' },
      { id: 'wu', name: '吴桐', role: 'duty' },
      { id: 'zhao', name: '赵敏', role: 'account-manager' },
      { id: 'zhou', name: '周扬', role: 'lead' },
    ],
    me: {
      id: 'zhou',
      name: '周扬',
      role: 'lead',
      isCommander: false,
      signedIn: true,
      maySend: true,
      mayDecide: true,
      mayAct: true,
    },
    playbook: {
      title: '账号被盗',
      version: 4,
      exit: ['用新密钥或新授权证明控制权', '24 小时内没有陌生的运营者和改动', '菜单、自动回复与认可的样子一致', '受理编号已归档'],
    },
    chain: { seq: 19, hash: '77aa' },
  }
}

const appeal = (dueAt: Instant, packedAt: Instant): StepView => ({
  key: 'appeal',
  action: 7,
  title: '联系平台，提交申诉',
  titleEn: 'Contact the platform, appeal',
  kind: 'manual',
  owner: '值班',
  state: 'ready',
  dueAt,
  how: [
    '证据包和时间线已经备好，从本页下载后作为附件。',
    '在通知中心或客服入口说明：何时、哪些内容不是本账号运营方所发、已做哪些处理。',
    '把受理编号填回来。',
  ],
  where: '公众平台 → 通知中心；腾讯客服',
  missing: 2,
  answers: [],
  proof: [
    { key: 'pack', title: '证据包', kind: 'picture', have: [{ id: 'e3', name: '证据包', at: packedAt }] },
    { key: 'page', title: '提交页截图', kind: 'picture', have: [] },
    { key: 'receipt', title: '受理编号', kind: 'number', have: [] },
  ],
})
const openStep = (key: string, title: string, titleEn: string, dueAt: Instant): StepView => ({
  key,
  title,
  titleEn,
  kind: 'manual',
  owner: '负责人',
  state: 'waiting',
  dueAt,
  how: [],
  proof: [],
  missing: 0,
  answers: [],
})

function timeline(at: (minute: number) => Instant): TimelineView[] {
  const lines: [number, string, string, string, TimelineView['tone'], TimelineView['group']][] = [
    [0, '发现一篇没有安排过的文章', '系统', '《点击领取教育补贴》', 'alarm', 'other'],
    [0, '第二个信号：菜单被改，确认为被盗', '系统', '', 'alarm', 'decision'],
    [0.3, '定级 P1，开始计时', '系统', '账号上出现了不是我们安排的内容', 'plain', 'decision'],
    [0.5, '暂停 3 条待发内容', '系统', '', 'done', 'decision'],
    [1, '电话通知 林一，12 秒接通', '系统', '', 'plain', 'other'],
    [2, '林一 接手', '林一', '从通知到接手 1 分', 'plain', 'decision'],
    [4, '赵敏 加入，负责对客户沟通', '赵敏', '', 'plain', 'other'],
    [5, '删除 2 篇异常文章', '系统', '平台返回成功', 'done', 'decision'],
    [6, '菜单恢复到认可的样子', '系统', '', 'done', 'other'],
    [11, '已发首次告知，用时 11 分', '赵敏', '企业微信、短信均送达', 'client', 'client'],
    [12, '客户已读首次告知', '客户 王总', '', 'client', 'client'],
    [14, '证据包已导出，3 件', '系统', '校验码 c0ffee12', 'done', 'other'],
  ]
  return lines.map(([minute, title, by, detail, tone, group], index) => ({
    seq: index + 1,
    at: at(minute),
    by,
    title,
    tone,
    group,
    ...(detail ? { detail } : {}),
  }))
}

/** A single sign that nobody has taken yet. */
export function takingView(now: Instant): WarRoomView {
  const found = before(now, seconds(75))
  const whole = storyView(now, found)
  const clocks = whole.clocks.map(({ metAt: _, tookMinutes: __, ...clock }) => clock)
  return {
    ...whole,
    id: takingId,
    number: 'INC-2612',
    title: '账号被盗',
    accountName: '老灶火锅',
    clientName: '老灶餐饮',
    mode: 'drill',
    state: 'open',
    certainty: 'single-sign',
    acknowledgedAt: undefined,
    commander: undefined,
    clocks,
    mainClock: clocks[1]!,
    now: {
      ...openStep('ask-person', '问一句：是您发的吗', 'Ask whether it was one of us', after(found, minutes(3))),
      kind: 'decision',
      state: 'ready',
      question: '这次改动是你们自己人或客户做的吗？',
      answers: [
        { key: 'ours', title: '是自己人或客户做的' },
        { key: 'not-ours', title: '不是，按被盗处理' },
      ],
    },
    nowNumber: undefined,
    actions: whole.actions.map(({ number, title, titleEn }) => ({
      number,
      title,
      titleEn,
      state: number === 1 ? ('running' as const) : ('waiting' as const),
    })),
    messages: [
      {
        id: 'm9',
        kind: 'first',
        title: '首次告知',
        titleEn: 'First word',
        revision: 1,
        state: 'draft',
        text: `李科长，${clockTime(found)} 发现公众号有一处改动不是我们安排的，正在核实。${clockTime(after(found, minutes(30)))} 前告诉您核实结果，您暂时不用操作。`,
        nextUpdateAt: after(found, minutes(30)),
        autoAt: after(found, minutes(12)),
        ways: [],
        findings: [],
      },
    ],
    tellNext: 'first',
    nextUpdateAt: undefined,
    recipient: { salutation: '李科长', ways: ['短信'] },
    articles: [],
    signals: whole.signals.slice(1),
    holds: [],
    evidence: [],
    packs: [],
    timeline: whole.timeline.slice(0, 4).map((line) => ({ ...line, at: found })),
    ladder: { nextPerson: '吴桐', nextWay: '电话', nextAt: after(now, seconds(45)), exhausted: false },
  }
}

export function watchedView(now: Instant): WarRoomView {
  const whole = storyView(now, before(now, minutes(300)))
  return {
    ...whole,
    id: watchedId,
    number: 'INC-2598',
    severity: 'P2',
    state: 'watching',
    now: undefined,
    nowNumber: undefined,
    mainClock: undefined,
    tellNext: undefined,
    nextUpdateAt: undefined,
    clocks: whole.clocks.map((clock) => ({
      ...clock,
      metAt: clock.metAt ?? before(clock.dueAt, minutes(2)),
      tookMinutes: clock.tookMinutes ?? clock.withinMinutes - 2,
    })),
    actions: whole.actions.map((action) => ({ ...action, state: 'done' as const })),
    choice: { plan: 'A', who: '王总', at: before(now, minutes(250)), byDefault: false },
    messages: whole.messages.map((message) => ({ ...message, state: 'sent' as const, sentAt: before(now, minutes(270)) })),
    outcome: {
      cause: '一名离职运营者的微信被他人登录',
      followUps: [{ what: '清理离职人员权限', owner: '林一', dueOn: '2026-12-01' }],
    },
  }
}

export const rowOf = (view: WarRoomView): IncidentRow => ({
  id: view.id,
  number: view.number,
  severity: view.severity,
  title: view.title,
  titleEn: view.titleEn,
  accountName: view.accountName,
  clientName: view.clientName,
  state: view.state,
  certainty: view.certainty,
  mode: view.mode,
  detectedAt: view.detectedAt,
  commander: view.commander?.name,
  nextStep: view.now?.title,
  nearestDue: view.mainClock && { title: view.mainClock.title, titleEn: view.mainClock.titleEn, at: view.mainClock.dueAt },
  clientKnows: view.choice ? 'chose' : view.messages.some((message) => message.readAt) ? 'read' : 'no',
})

export const me = (now: Instant): MeView => ({
  agency: { id: 'yunfan', name: '云帆托管' },
  person: { id: 'zhou', name: '周扬', role: 'admin' },
  demo: true,
  duty: { first: '林一', backup: '吴桐' },
  openIncidents: 2,
  serverNow: now,
  setup: [
    { key: 'people', title: '加同事', titleEn: 'Add colleagues', done: true, detail: '4 人' },
    { key: 'rota', title: '配值班', titleEn: 'Duty rota', done: true, detail: '今晚 林一，后备 吴桐' },
    { key: 'channels', title: '配通知并测试', titleEn: 'Test the channels', done: false, detail: '短信还没有发过测试' },
    { key: 'account', title: '接入账号', titleEn: 'Connect an account', done: false, detail: '只有演示账号' },
  ],
})

export const accounts = (now: Instant): AccountRow[] => {
  const row = (id: number, name: string, clientName: string, rest: Partial<AccountRow>): AccountRow => ({
    id: `0a1b2c3d-0000-4000-8000-00000000000${id}`,
    name,
    clientName,
    appid: `wx00000000000000${id}f`,
    kind: 'SUB',
    verified: true,
    mode: 'secret',
    reception: 'poll',
    problems: [],
    lastCheckedAt: before(now, minutes(2)),
    personA: '林一',
    personB: '吴桐',
    custodians: ['周扬'],
    menu: 'as-approved',
    autoReply: 'as-approved',
    heldPublications: 0,
    ...rest,
  })
  return [
    row(1, '青禾教育', '青禾教育', {
      openIncidentId: storyId,
      menu: 'as-approved',
      heldPublications: 3,
      removalAgreedBy: '王总',
      spareAccountName: '青禾教育服务号',
      problems: [
        {
          text: '发现不是我们安排的文章',
          textEn: 'An article that is not ours',
          since: before(now, minutes(18)),
          level: 'urgent',
        },
      ],
    }),
    row(2, '老灶火锅', '老灶餐饮', {
      reception: 'relay',
      menu: 'drifted',
      problems: [
        {
          text: '菜单“订座”的链接变了',
          textEn: 'The link of menu “订座” changed',
          since: before(now, minutes(600)),
          level: 'todo',
        },
        { text: '只有一人能登录', textEn: 'Only one person can sign in', since: before(now, minutes(60 * 50)), level: 'todo' },
      ],
      personB: undefined,
    }),
    row(3, '云杉财经', '云杉财经', { kind: 'SVC', reception: 'callback', autoReply: 'unknown' }),
    row(4, '江城区政务', '江城区政务办', {
      personA: undefined,
      personB: undefined,
      verified: false,
      lastCheckedAt: undefined,
      menu: 'unknown',
      autoReply: 'unknown',
    }),
  ]
}

export const people: PersonRow[] = [
  {
    id: 'lin',
    name: '林一',
    role: 'duty',
    phone: '138 0000 6021',
    away: false,
    channels: [
      { kind: 'wecom-app', to: '林一' },
      { kind: 'voice-aliyun', to: '138 0000 6021' },
    ],
  },
  {
    id: 'zhao',
    name: '赵敏',
    role: 'account-manager',
    email: 'zhaomin@example.com',
    away: true,
    channels: [{ kind: 'email', to: 'zhaomin@example.com' }],
  },
  { id: 'wu', name: '吴桐', role: 'duty', away: false, channels: [] },
  {
    id: 'zhou',
    name: '周扬',
    role: 'admin',
    phone: '13900001111',
    email: 'zhou@example.com',
    away: false,
    channels: [{ kind: 'sms-aliyun', to: '13900001111' }],
  },
]

export const sessions = (now: Instant) => [
  {
    id: 's1',
    ip: '203.0.113.7',
    device: 'Chrome，Windows',
    signedInAt: before(now, minutes(180)),
    lastSeenAt: now,
    current: true,
  },
  {
    id: 's2',
    ip: '198.51.100.24',
    device: '微信，iPhone',
    signedInAt: before(now, minutes(60 * 30)),
    lastSeenAt: before(now, minutes(600)),
    current: false,
  },
]

export const connected = (reception: AccountRow['reception']): ConnectResult => ({
  accountId: '0a1b2c3d-0000-4000-8000-000000000009',
  name: '知行书店',
  reception,
  callbackUrl: 'https://dx.example.com/wechat/push/8f2c',
  token: 'k3n9d8f7s6',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  abilities: [
    { key: 'articles', title: '查看已发布的文章', able: true },
    { key: 'delete', title: '删除发布的文章', able: true },
    { key: 'menu', title: '恢复菜单', able: false, detail: '账号未认证，平台不开放自定义菜单接口' },
  ],
  findings: [
    {
      level: 'lost',
      text: '服务器配置已启用，指向 crm.example.com。接管后它收不到消息。',
      textEn: 'The callback points to crm.example.com, which would stop receiving.',
    },
    {
      level: 'unknown',
      text: '后台自动回复的内容接口看不全。',
      textEn: 'Auto-replies set on the platform are only partly visible.',
    },
    { level: 'ok', text: '自定义菜单 2 个按钮都是网页链接，不受影响。', textEn: 'Both menu buttons are links and keep working.' },
  ],
})

export const clients: ClientRow[] = [
  {
    id: '0a1b2c3d-0000-4000-8000-0000000000c1',
    name: '青禾教育',
    contactName: '王敏',
    salutation: '王总',
    phone: '13800006021',
    email: null,
    ways: [{ way: 'account-manager' }, { way: 'sms' }, { way: 'voice', to: '13800006021' }],
    quietHours: { fromMinute: 1320, untilMinute: 480 },
    accountManagerId: 'zhao',
    accounts: 2,
  },
  {
    id: '0a1b2c3d-0000-4000-8000-0000000000c2',
    name: '江城区政务办',
    contactName: '李建国',
    salutation: '李科长',
    ways: [{ way: 'email', to: 'li@example.com' }],
    accounts: 1,
  },
]

export const channels = (now: Instant): ChannelRow[] => [
  { kind: 'sms-aliyun', enabled: true },
  { kind: 'wecom-app', enabled: true, lastSentAt: before(now, minutes(90)) },
  { kind: 'email', enabled: false },
]

export const rota = (now: Instant): RotaView => ({
  zone: BEIJING,
  now: { first: 'lin', backup: 'wu' },
  people: people.map((person) => ({
    ...person,
    drillConsent: true,
    ...(person.id === 'zhao' ? { awayFrom: before(now, days(1)), awayUntil: after(now, days(3)) } : {}),
  })),
  shifts: [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
    { id: `day-${weekday}`, weekday, fromMinute: 540, lengthMinutes: 720, position: 'first' as const, personId: 'lin' },
    { id: `night-${weekday}`, weekday, fromMinute: 1260, lengthMinutes: 720, position: 'first' as const, personId: 'wu' },
    ...(weekday < 6
      ? [
          {
            id: `backup-${weekday}`,
            weekday,
            fromMinute: 540,
            lengthMinutes: 1440,
            position: 'backup' as const,
            personId: 'zhou',
          },
        ]
      : []),
  ]),
  overrides: [
    {
      id: 'swap',
      startsAt: after(now, hours(20)),
      endsAt: after(now, hours(30)),
      position: 'first',
      personId: 'zhao',
      reason: '林一家里有事',
    },
  ],
  gaps: [
    { from: after(now, days(2)), until: after(now, days(3)), missing: 'backup', because: 'nobody-planned' },
    { from: after(now, days(4)), until: after(now, days(4) + hours(5)), missing: 'first', because: 'absent' },
  ],
})
