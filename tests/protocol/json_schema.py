"""A checker of JSON Schema (2020-12) for tests: the keywords that the server's documents use, and no others.

A keyword that is not known here is an error: nothing passes because nobody looked.  In one thing the checker is
stricter than the standard: with closed=True an object that is described by `properties` may hold nothing else, unless
the schema speaks of additionalProperties itself.  So an answer with a member that is not described is found.
"""
import re

ANNOTATIONS = {"description", "title", "default", "example", "examples", "format", "contentMediaType", "deprecated",
               "readOnly", "writeOnly"}
KEYWORDS = {"$ref", "type", "const", "enum", "properties", "required", "additionalProperties", "items", "minItems",
            "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "allOf", "anyOf", "oneOf"}
TYPES = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: not isinstance(value, bool) and (isinstance(value, int)
                                                              or isinstance(value, float) and value.is_integer()),
    "number": lambda value: not isinstance(value, bool) and isinstance(value, (int, float)),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def resolve(root, reference):
    """What a reference within the document points to."""
    if not reference.startswith("#/"):
        raise KeyError(f"{reference} points out of the document")
    value = root
    for part in reference[2:].split("/"):
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return value


def same(a, b):
    """Equal as JSON has it: true is not 1."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def schema_errors(schema, where="schema"):
    """What is wrong with a schema itself, as a list of sentences."""
    if not isinstance(schema, dict):
        return [] if isinstance(schema, bool) else [f"{where}: a schema is an object"]
    errors = [f"{where}: {word} is not known" for word in schema
              if word not in KEYWORDS | ANNOTATIONS and not word.startswith("x-")]
    types = schema.get("type", [])
    errors += [f"{where}: there is no type {name}" for name in ([types] if isinstance(types, str) else types)
               if name not in TYPES]
    for name in schema.get("required", []):
        if "properties" in schema and name not in schema["properties"]:
            errors.append(f"{where}: {name} is required and not described")
    if "pattern" in schema:
        re.compile(schema["pattern"])
    for word in ("allOf", "anyOf", "oneOf"):
        for i, part in enumerate(schema.get(word, [])):
            errors += schema_errors(part, f"{where}/{word}/{i}")
    for name, part in schema.get("properties", {}).items():
        errors += schema_errors(part, f"{where}/properties/{name}")
    for word in ("items", "additionalProperties", "x-data"):
        if word in schema:
            errors += schema_errors(schema[word], f"{where}/{word}")
    return errors


class Checker:
    """Checks values against schemas whose references point into root."""

    def __init__(self, root, closed=False):
        self.root = root
        self.closed = closed

    def errors(self, value, schema, where="$"):
        """What is wrong with the value, as a list of sentences; empty when it fits."""
        errors = self.judge(value, schema, where)
        if self.closed and isinstance(value, dict):
            names, is_open = self.described(value, schema)
            if names and not is_open:
                errors += [f"{where}.{name} is not described" for name in value if name not in names]
        return errors

    def described(self, value, schema):
        """The members that a schema speaks of, and whether it lets others be."""
        names, is_open = set(), False
        if not isinstance(schema, dict):
            return names, is_open
        names |= set(schema.get("properties", {}))
        is_open = "additionalProperties" in schema
        parts = list(schema.get("allOf", []))
        parts += [resolve(self.root, schema["$ref"])] if "$ref" in schema else []
        parts += [part for word in ("anyOf", "oneOf") for part in schema.get(word, [])
                  if not self.judge(value, part, "$")]
        for part in parts:
            more, opens = self.described(value, part)
            names |= more
            is_open = is_open or opens
        return names, is_open

    def judge(self, value, schema, where):
        if isinstance(schema, bool):
            return [] if schema else [f"{where}: nothing may be here"]
        errors = []
        if "$ref" in schema:
            errors += self.judge(value, resolve(self.root, schema["$ref"]), where)
        types = schema.get("type")
        if types and not any(TYPES[name](value) for name in ([types] if isinstance(types, str) else types)):
            errors.append(f"{where}: {value!r:.80} is not of type {types}")
        if "const" in schema and not same(value, schema["const"]):
            errors.append(f"{where}: {value!r:.80} is not {schema['const']!r}")
        if "enum" in schema and not any(same(value, choice) for choice in schema["enum"]):
            errors.append(f"{where}: {value!r:.80} is none of {schema['enum']}")
        if isinstance(value, str):
            errors += self.judge_string(value, schema, where)
        if TYPES["number"](value):
            errors += self.judge_range(value, schema, "minimum", "maximum", where)
        if isinstance(value, list):
            errors += self.judge_range(len(value), schema, "minItems", "maxItems", where)
            for i, item in enumerate(value if "items" in schema else []):
                errors += self.errors(item, schema["items"], f"{where}[{i}]")
        if isinstance(value, dict):
            errors += self.judge_object(value, schema, where)
        return errors + self.judge_parts(value, schema, where)

    def judge_parts(self, value, schema, where):
        errors = []
        for part in schema.get("allOf", []):
            errors += self.judge(value, part, where)
        for word, right in (("anyOf", lambda fits: fits >= 1), ("oneOf", lambda fits: fits == 1)):
            told = [self.judge(value, part, where) for part in schema.get(word, [])]
            if told and not right(sum(not part for part in told)):
                errors.append(f"{where}: {word} fails: " + " | ".join("; ".join(part) or "fits" for part in told))
        return errors

    def judge_string(self, value, schema, where):
        errors = self.judge_range(len(value), schema, "minLength", "maxLength", where)
        if "pattern" in schema and not re.search(schema["pattern"], value):
            errors.append(f"{where}: {value!r:.80} does not match {schema['pattern']}")
        return errors

    @staticmethod
    def judge_range(number, schema, least, most, where):
        errors = []
        if number < schema.get(least, number):
            errors.append(f"{where}: {number} is less than {least} {schema[least]}")
        if number > schema.get(most, number):
            errors.append(f"{where}: {number} is more than {most} {schema[most]}")
        return errors

    def judge_object(self, value, schema, where):
        errors = [f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value]
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, member in value.items():
            if name in properties:
                errors += self.errors(member, properties[name], f"{where}.{name}")
            elif more is False:
                errors.append(f"{where}.{name} may not be here")
            elif more is not True:
                errors += self.errors(member, more, f"{where}.{name}")
        return errors
