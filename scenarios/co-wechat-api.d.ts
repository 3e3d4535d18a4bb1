/** What sdk.test.ts uses of co-wechat-api, which brings no types. */
declare module 'co-wechat-api' {
  type Answer = Promise<Record<string, unknown>>
  export default class API {
    constructor(appid: string, secret: string)
    prefix: string
    store: { accessToken: string; expireTime: number } | undefined
    static mixin(more: Record<string, unknown>): void
    request(url: string, options?: object): Answer
    getAccessToken(): Promise<{ accessToken: string; expireTime: number }>
    ensureAccessToken(): Promise<{ accessToken: string }>
    createMenu(menu: object): Answer
    getMenu(): Answer
    removeMenu(): Answer
    getMenuConfig(): Answer
    getFollowers(nextOpenid?: string): Answer
    getUser(openid: string): Answer
    batchGetUsers(openids: readonly string[]): Answer
    updateRemark(openid: string, remark: string): Answer
    createTags(name: string): Answer
    getTags(): Answer
    batchTagging(openids: readonly string[], tagId: number): Answer
    getUsersFromTag(tagId: number): Answer
    getIdList(openid: string): Answer
    deleteTag(id: number): Answer
    uploadImageMaterial(file: string): Answer
    uploadImage(file: string): Answer
    getMaterialCount(): Answer
    getMaterials(type: string, offset: number, count: number): Answer
    getMaterial(mediaId: string): Promise<unknown>
    removeMaterial(mediaId: string): Answer
    massSendText(text: string, receivers: boolean | number | readonly string[], clientMsgId?: string): Answer
    massSendNews(mediaId: string, receivers: boolean | number | readonly string[], clientMsgId?: string): Answer
    getMassMessageStatus(messageId: string): Answer
    deleteMass(messageId: string): Answer
    sendText(openid: string, text: string): Answer
    getIp(): Answer
  }
}
