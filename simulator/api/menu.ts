import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, fieldsAt, isFields, listAt, maybeText, textAt } from '../json.ts'
import { type Call, type Endpoint, OK } from './call.ts'
import { readButtons } from './menu-rules.ts'

function create({ account, body }: Call): Fields {
  account.menu = { open: true, button: readButtons(body.button), by: 'api' }
  return OK
}

/** Leaves carry an empty sub_button list, as WeChat shows them. */
const withLists = (buttons: Fields[]): Fields[] =>
  buttons.map((button) => ({ ...button, sub_button: withLists(listAt(button, 'sub_button').filter(isFields)) }))

function get({ account }: Call): Fields {
  const { menu, conditionalMenus } = account
  if (!menu || menu.by === 'console') refuse(46003)
  const conditional = [...conditionalMenus].map(([menuid, fields]) => ({
    ...fields,
    button: withLists(listAt(fields, 'button').filter(isFields)),
    menuid,
  }))
  return {
    menu: { button: withLists(menu.button), ...(conditional.length > 0 ? { menuid: 208396938 } : {}) },
    ...(conditional.length > 0 ? { conditionalmenu: conditional } : {}),
  }
}

function remove({ account }: Call): Fields {
  account.menu = undefined
  account.conditionalMenus.clear()
  return OK
}

function addConditional({ world, account, body }: Call): Fields {
  if (!account.menu) refuse(65303)
  const button = readButtons(body.button)
  if (Object.keys(fieldsAt(body, 'matchrule')).length === 0) refuse(40035)
  const menuid = String(world.counters.menu++)
  account.conditionalMenus.set(menuid, { button, matchrule: fieldsAt(body, 'matchrule') })
  return { menuid }
}

function removeConditional({ account, body }: Call): Fields {
  if (!account.conditionalMenus.delete(textAt(body, 'menuid'))) refuse(65301)
  return OK
}

function tryMatch({ account, body }: Call): Fields {
  const follower = account.followers.get(maybeText(body, 'user_id') ?? refuse(41009)) ?? refuse(46004)
  const fitting = [...account.conditionalMenus.values()].findLast((one) => {
    const tag = Number(textAt(fieldsAt(one, 'matchrule'), 'tag_id'))
    return follower.tags.includes(tag)
  })
  return { button: fitting ? listAt(fitting, 'button') : (account.menu?.button ?? []) }
}

/** As phones see it: console menus too, and sub_button as an object with a list. */
const asSelfMenu = (buttons: Fields[]): Fields[] =>
  buttons.map(({ sub_button, ...button }) => {
    const list = Array.isArray(sub_button) ? sub_button.filter(isFields) : []
    return list.length > 0 ? { ...button, sub_button: { list: asSelfMenu(list) } } : button
  })

const selfMenu = ({ account }: Call): Fields => ({
  is_menu_open: account.menu?.open ? 1 : 0,
  selfmenu_info: account.menu ? { button: asSelfMenu(account.menu.button) } : {},
})

function autoReply({ world, account }: Call): Fields {
  const { added, fallback, keywords } = account.autoReply
  return {
    is_add_friend_reply_open: added ? 1 : 0,
    is_autoreply_open: fallback || keywords.length > 0 ? 1 : 0,
    ...(added ? { add_friend_autoreply_info: added } : {}),
    ...(fallback ? { message_default_autoreply_info: fallback } : {}),
    ...(keywords.length > 0
      ? { keyword_autoreply_info: { list: keywords.map((rule) => ({ create_time: unix(world.clock.now()), ...rule })) } }
      : {}),
  }
}

export const menu: Endpoint[] = [
  { path: '/cgi-bin/menu/create', method: 'POST', group: 'menu', body: 'json', dailyLimit: 1000, handle: create },
  { path: '/cgi-bin/menu/get', method: 'GET', group: 'menu', dailyLimit: 10_000, handle: get },
  { path: '/cgi-bin/menu/delete', method: 'GET', group: 'menu', dailyLimit: 1000, handle: remove },
  { path: '/cgi-bin/menu/addconditional', method: 'POST', group: 'menu', body: 'json', dailyLimit: 2000, handle: addConditional },
  { path: '/cgi-bin/menu/delconditional', method: 'POST', group: 'menu', body: 'json', handle: removeConditional },
  { path: '/cgi-bin/menu/trymatch', method: 'POST', group: 'menu', body: 'json', dailyLimit: 20_000, handle: tryMatch },
  { path: '/cgi-bin/get_current_selfmenu_info', method: 'GET', group: 'menu-info', handle: selfMenu },
  { path: '/cgi-bin/get_current_autoreply_info', method: 'GET', group: 'menu-info', handle: autoReply },
]
