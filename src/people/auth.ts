export async function migrateAuth(_url: string): Promise<void> {}
