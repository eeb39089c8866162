"""The server's own description, /openapi.json: whether it keeps the rules of OpenAPI 3.1, and whether an answer keeps
to it.  Needs nothing but the standard library."""
import json
import re

from json_schema import Checker, resolve, schema_errors

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
KINDS = ("schemas", "responses", "parameters", "headers", "securitySchemes")
MEDIA = re.compile(r"[a-z*]+/[a-z0-9.+*-]+")
BEFORE_THE_ROUTE = {400, 413, 431}  # a request that is refused for its framing or size, whatever its address
ROOT_WORDS = {"openapi", "info", "servers", "tags", "paths", "components", "security", "externalDocs"}
OPERATION_WORDS = {"operationId", "summary", "description", "tags", "parameters", "requestBody", "responses",
                   "security", "deprecated"}


def references(value, where=""):
    """All ($ref, where it stands) in a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"], where
        for name, member in value.items():
            yield from references(member, f"{where}/{name}")
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from references(member, f"{where}/{i}")


class Rules:
    """What OpenAPI 3.1 asks of a document; self.errors has what is wrong."""

    def __init__(self, document):
        self.document = document
        self.errors = []
        self.ids = []
        self.check()

    def need(self, condition, sentence):
        if not condition:
            self.errors.append(sentence)

    def get(self, value):
        """The value, or what it refers to."""
        return resolve(self.document, value["$ref"]) if "$ref" in value else value

    def check(self):
        document = self.document
        self.need(re.fullmatch(r"3\.1\.\d+", document.get("openapi", "")), "openapi must be 3.1.x")
        self.need(set(document) <= ROOT_WORDS, f"unknown members: {set(document) - ROOT_WORDS}")
        for name in ("title", "version"):
            self.need(isinstance(document.get("info", {}).get(name), str), f"info.{name} must be a string")
        for server in document.get("servers", []):
            self.need(re.fullmatch(r"https?://[^/]+", server.get("url", "")), f"{server} is no address")
        for reference, where in references(document):
            try:
                resolve(document, reference)
            except KeyError as error:
                self.errors.append(f"{where}: {reference} leads nowhere ({error})")
        if self.errors:
            return
        self.check_components()
        for path, item in document["paths"].items():
            self.check_path(path, item)
        self.need(len(self.ids) == len(set(self.ids)), "operationIds must differ")
        tags = [tag["name"] for tag in document.get("tags", [])]
        self.need(len(tags) == len(set(tags)), "tags must differ")

    def check_components(self):
        for kind, members in self.document["components"].items():
            self.need(kind in KINDS, f"components.{kind} is not known")
            for name, value in members.items():
                where = f"components.{kind}.{name}"
                self.need(re.fullmatch(r"[A-Za-z0-9._-]+", name), f"{where}: the name has odd characters")
                if kind == "schemas":
                    self.errors += schema_errors(value, where)
                elif kind == "responses":
                    self.check_response(value, where)
                elif kind == "parameters":
                    self.check_parameter(value, where)

    def check_path(self, path, item):
        self.need(path.startswith("/"), f"{path} must begin with a slash")
        self.need(item and set(item) <= METHODS, f"{path}: {set(item) - METHODS} are no methods")
        bare = re.sub(r"{.*?}", "{}", path)
        alike = [other for other in self.document["paths"] if re.sub(r"{.*?}", "{}", other) == bare]
        self.need(len(alike) == 1, f"{alike} are the same path")
        for method, operation in item.items():
            self.check_operation(path, f"{method} {path}", operation)

    def check_operation(self, path, where, operation):
        self.need(set(operation) <= OPERATION_WORDS, f"{where}: {set(operation) - OPERATION_WORDS}")
        self.ids.append(operation.get("operationId", ""))
        self.need(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", self.ids[-1]), f"{where}: an odd operationId")
        self.need(operation.get("summary"), f"{where} says nothing of itself")
        parameters = [self.get(parameter) for parameter in operation.get("parameters", [])]
        named = [(parameter.get("name"), parameter.get("in")) for parameter in parameters]
        self.need(len(named) == len(set(named)), f"{where}: a parameter twice: {named}")
        self.need(sorted(name for name, place in named if place == "path") == sorted(re.findall(r"{(.*?)}", path)),
                  f"{where}: the path's parameters must be described: {named}")
        for parameter in parameters:
            self.check_parameter(parameter, where)
        if "requestBody" in operation:
            self.check_content(operation["requestBody"]["content"], where)
            self.need(isinstance(operation["requestBody"].get("required"), bool), f"{where}: requestBody.required")
        self.need(operation.get("responses"), f"{where} has no responses")
        for status, response in operation.get("responses", {}).items():
            self.need(re.fullmatch(r"[1-5]\d\d", status), f"{where}: {status} is no status")
            self.check_response(self.get(response), f"{where} {status}")
        schemes = self.document["components"].get("securitySchemes", {})
        for way in operation.get("security", []):
            self.need(set(way) <= set(schemes), f"{where}: {way} is not among the securitySchemes")

    def check_parameter(self, parameter, where):
        name = parameter.get("name")
        self.need(name and parameter.get("in") in ("path", "query", "header"), f"{where}: {parameter}")
        self.need(parameter.get("in") != "path" or parameter.get("required") is True, f"{where}: {name} is required")
        self.need(parameter.get("description"), f"{where}: {name} has no description")
        self.need("schema" in parameter and "content" not in parameter, f"{where}: {name} has no schema")
        self.errors += schema_errors(parameter.get("schema", {}), f"{where} {name}")

    def check_response(self, response, where):
        self.need(isinstance(response.get("description"), str), f"{where} has no description")
        self.need(set(response) <= {"description", "content", "headers", "links"}, f"{where}: {set(response)}")
        self.check_content(response.get("content", {}), where)

    def check_content(self, content, where):
        for media, value in content.items():
            self.need(MEDIA.fullmatch(media), f"{where}: {media} is no media type")
            self.errors += schema_errors(value.get("schema", {}), f"{where} {media}")


class Description:
    """An /openapi.json, to check requests and answers against."""

    def __init__(self, document):
        self.document = document
        self.answers = Checker(document, closed=True)
        self.requests = Checker(document)
        self.seen = set()  # (method, path, status) of the answers that were checked
        self.routes = []  # (pattern, path), those without parameters first
        for path in sorted(document["paths"], key=lambda path: path.count("{")):
            pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part)
                              for part in re.split(r"({[^}]+})", path))
            self.routes.append((re.compile(pattern), path))

    def path_of(self, target):
        """The described path that a request's target is for; None when there is none."""
        path = target.partition("?")[0]
        if path.startswith("/api/v1/"):
            path = "/api/" + path[len("/api/v1/"):]
        elif path.startswith(("http://", "https://")):
            path = "/" + path.partition("://")[2].partition("/")[2]
        return next((known for pattern, known in self.routes if pattern.fullmatch(path)), None)

    def operation(self, method, target):
        path = self.path_of(target)
        method = "get" if method == "HEAD" else method.lower()
        return self.document["paths"].get(path, {}).get(method)

    def errors(self, method, target, sent, answer):
        """What of an exchange is not as the document says.  sent is the request's body as bytes, or None."""
        operation = self.operation(method, target)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if operation is None:
            as_unknown = answer.status == 404 and (method == "HEAD" or answer.body == b"404 Not Found")
            return [] if as_unknown or answer.status in BEFORE_THE_ROUTE else ["the document has no such route"]
        response = operation["responses"].get(str(answer.status))
        self.seen.add((method.lower(), self.path_of(target), str(answer.status)))
        if response is None:
            return [f"status {answer.status} is not described"]
        response = resolve(self.document, response["$ref"]) if "$ref" in response else response
        if method == "HEAD" or answer.status == 431:
            return []
        return self.content_errors(response.get("content", {}), kind, answer) + (
            self.request_errors(operation, sent) if answer.status < 300 else [])

    def content_errors(self, content, kind, answer):
        if not content:
            return ["there is a body, and none is described"] if answer.body else []
        described = content.get(kind) or content.get("*/*")
        if described is None:
            return [f"the content type {kind} is not described"]
        return self.body_errors(described["schema"], kind, answer.body)

    def body_errors(self, schema, kind, body):
        if kind == "application/json":
            return self.answers.errors(json.loads(body), schema)
        if kind.startswith("image/"):
            return []
        errors = self.answers.errors(body.decode("utf-8"), schema)
        if kind == "text/event-stream":
            for block in body.decode("utf-8").split("\n\n"):
                errors += self.event_errors(schema, block)
        return errors

    def event_errors(self, schema, block):
        """The data of one event of a stream."""
        schema = resolve(self.document, schema["$ref"]) if "$ref" in schema else schema
        data = [line[5:] for line in block.split("\n") if line.startswith("data:")]
        return self.answers.errors(json.loads("\n".join(data)), schema["x-data"]) if data else []

    def stream_errors(self, target, data):
        """An event of a stream that was opened at target, its data read already."""
        operation = self.operation("GET", target)
        content = operation["responses"]["200"]["content"]["text/event-stream"]["schema"]
        return self.answers.errors(data, resolve(self.document, content["$ref"])["x-data"])

    def request_errors(self, operation, sent):
        """A body that was taken must be one that the document allows."""
        if "requestBody" not in operation:
            return []
        if not operation["requestBody"]["required"] and not (sent or b"").lstrip().startswith(b"{"):
            return []  # what may be left out is ignored when it is no object
        if not sent:
            return ["a body is required, says the document"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        return ["the request: " + error for error in self.requests.errors(json.loads(sent), schema)]
