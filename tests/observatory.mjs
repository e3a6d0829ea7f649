// Prints, as JSON, what MDN's HTTP Observatory finds: node observatory.mjs PACKAGE HOST HTTPS-PORT HTTP-PORT PATH
// The scan and its rules are the package's own. Its scan takes a name only, though what it calls takes ports and a path: they are handed in.
import dns from "node:dns";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, host, httpsPort, httpPort, path] = process.argv.slice(2);
const source = pathToFileURL(`${folder}/src/`).href;
const retriever = `${source}retriever/retriever.js`;
const options = JSON.stringify({ httpsPort, httpPort, path });
const aimed = `import { retrieve as scanned } from "${retriever}";
export const retrieve = (host) => scanned(host, ${options});`;

registerHooks({
  resolve(name, context, next) {
    const found = next(name, context);
    const scans = found.url === retriever && context.parentURL === `${source}scanner/index.js`;
    return scans ? { url: `data:text/javascript,${encodeURIComponent(aimed)}`, shortCircuit: true } : found;
  },
});

// RFC 6761: every name under localhost is this machine. Not every resolver knows.
const lookup = dns.lookup;
dns.lookup = (name, ...rest) => lookup(name.endsWith(".localhost") ? "localhost" : name, ...rest);

const { scan } = await import(`${source}index.js`);
console.log(JSON.stringify(await scan(host)));
