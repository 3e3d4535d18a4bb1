/// <reference types="vite/client" />

declare module 'virtual:dingxin-contract' {
  import type { AnyContractRouter } from '@orpc/contract'

  const contract: AnyContractRouter
  export default contract
}
