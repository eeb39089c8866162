"""The little that a test needs to speak MCP: a call, and sending it."""

ACCEPT = "application/json, text/event-stream"


def call(tool, **arguments):
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


def post(api, path, body, headers=None):
    return api.request("POST", path, body, {"Accept": ACCEPT, "Content-Type": "application/json", **(headers or {})})
