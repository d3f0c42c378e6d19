/** The page's content security policy allows no code from strings; told so before its first schema is made, zod
 *  does not try (its probe would show up as a violation in the console). Must be the first import of the page.
 *  Source: zod 4, core/core.js, `__zod_globalConfig`. */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
