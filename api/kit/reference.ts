/** Routes of the API's own description. Built once, from the list that also serves. */
import { z } from '@hono/zod-openapi';
import { docsPage } from './docs.ts';
import { openapiDocument, type Places } from './openapi.ts';
import { PUBLIC, type Route, route, UNLIMITED } from './route.ts';
import type { Surface } from './surface.ts';

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** `others`: all places but these two. */
export function referenceRoutes(surface: Surface, { routes, sockets }: Places, version: string): readonly Route[] {
  let document: { readonly json: string; readonly page: string } | undefined;
  const built = () => {
    if (!document) {
      const described = openapiDocument({ routes: [...routes, ...own], sockets }, version);
      document = { json: JSON.stringify(described), page: docsPage(described) };
    }
    return document;
  };
  const common = { method: 'GET', surface, policy: PUBLIC, rateLimit: UNLIMITED, tag: 'House', always: true } as const;
  const own: readonly Route[] = [
    route({
      ...common,
      path: '/openapi.json',
      summary: 'This API as an OpenAPI 3.1 document',
      responses: { 200: z.looseObject({ openapi: z.string() }) },
      // Text goes out as it is; the document is not serialised again for every request.
    })(() => ({ status: 200, body: built().json as unknown as { openapi: string } })),
    route({
      ...common,
      path: '/docs',
      summary: 'This API as a readable page',
      responses: { 200: { contentType: 'text/html' } },
    })(() => ({
      status: 200,
      body: built().page,
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAGE_POLICY },
    })),
  ];
  return own;
}
