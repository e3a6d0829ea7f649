// Cloudflare Pages can't pass a path on to another server by a rule, so this does: sign-ups to the collector.
export async function onRequest({ request, env }) {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("X-Forwarded-For", headers.get("CF-Connecting-IP") ?? ""); // not what she may have sent
  const body = request.body && (await request.arrayBuffer()); // whole, as the collector takes no chunks
  return fetch(env.COLLECTOR + pathname + search, { method: request.method, headers, body, redirect: "manual" });
}
