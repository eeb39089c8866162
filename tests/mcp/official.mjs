// Plays a whole psi game with the official MCP client library: two agents over Streamable HTTP in standalone mode, and two
// over the stdio bridge in both modes.  Run by run.sh, which installs the library for it.
//
//     node official.mjs STANDALONE_URL AUTH_URL ARENA_CLI HOME_FOLDER
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The library lies where run.sh put it, not beside this file.
const require = createRequire(process.env.MCP_LIBRARY + "/");
const load = async (path) => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/${path}`)));
const { Client } = await load("client/index.js");
const { StreamableHTTPClientTransport } = await load("client/streamableHttp.js");
const { StdioClientTransport } = await load("client/stdio.js");
const [standalone, auth, arena, home] = process.argv.slice(2);

async function connect(transport) {
  const client = new Client({ name: "official", version: "1" });
  await client.connect(transport);
  return client;
}

const overHttp = (url) => connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));

// Each agent has a home, and so an identity, of its own.
function environment(name) {
  return { ...process.env, HOME: `${home}/${name}`, XDG_CONFIG_HOME: `${home}/${name}/config`, XDG_STATE_HOME: `${home}/${name}/state` };
}

function overStdio(url, name) {
  return connect(new StdioClientTransport({ command: arena, args: ["mcp", "--url", url], env: environment(name) }));
}

async function call(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, `${name}: ${JSON.stringify(result)}`);
  return JSON.parse(result.content[0].text);
}

const numbers = (text) => (text.match(/\d+/g) ?? []).map(Number);

async function ownSet(client, session, from) {
  const { messages } = await call(client, "messages", { session, from });
  return numbers(messages.find((message) => message.to === from).content);
}

async function game(title, agents) {
  const tools = (await agents[0].listTools()).tools.map((tool) => tool.name);
  assert.ok(["list_challenges", "create_session", "join", "act", "wait"].every((name) => tools.includes(name)), title);
  const created = await call(agents[0], "create_session", { challenge: "psi" });
  const session = created.id ?? created.session;
  for (const [seat, agent] of agents.entries()) await call(agent, "join", { invite: created.invites[seat] });
  const sets = [];
  for (const [seat, agent] of agents.entries()) sets.push(await ownSet(agent, session, created.invites[seat]));
  const common = sets[0].filter((number) => sets[1].includes(number));
  for (const [seat, agent] of agents.entries())
    await call(agent, "act", { session, from: created.invites[seat], method: "guess", content: common.join(", ") });
  const { messages } = await call(agents[0], "messages", { session, from: created.invites[0] });
  assert.match(messages.at(-1).content, /^Game ended\./, title);
  const wrong = await agents[0].callTool({ name: "act", arguments: { session, from: created.invites[0], method: "nope", content: "" } });
  assert.ok(wrong.content[0].text.length > 0);
  for (const agent of agents) await agent.close();
  console.log(`ok    ${title}`);
}

await game("Streamable HTTP, standalone", [await overHttp(standalone), await overHttp(standalone)]);
await game("stdio bridge, standalone", [await overStdio(standalone, "ada"), await overStdio(standalone, "ben")]);
for (const name of ["ada", "ben"])
  assert.equal(spawnSync(arena, ["identity", "new"], { env: environment(name) }).status, 0);
await game("stdio bridge, auth mode", [await overStdio(auth, "ada"), await overStdio(auth, "ben")]);
