"""As much of JSON Schema as the published schemas use, to hold answers and documents against them."""

import re

KINDS = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
}  # fmt: skip


def faults(value, schema, whole, path="$"):  # noqa: C901, PLR0912 - one line for each keyword
    """Where a value breaks a schema; references are looked up in *whole*."""
    while "$ref" in schema:
        steps = schema["$ref"].removeprefix("#/").split("/")
        schema = whole if steps[0] in whole else whole["components"]["schemas"]
        for step in steps if steps[0] in whole else steps[1:]:
            schema = schema[step]
    wrong = []
    if "anyOf" in schema or "oneOf" in schema:
        options = schema.get("anyOf") or schema["oneOf"]
        if all(faults(value, option, whole, path) for option in options):
            wrong.append(f"{path}: none of the alternatives")
    wrong += [f for option in schema.get("allOf", []) for f in faults(value, option, whole, path)]
    kind = KINDS.get(schema.get("type"))
    if kind and not isinstance(value, kind):
        return [f"{path}: {value!r} is no {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{path}: {value!r} is not in the list")
    if isinstance(value, str):
        if schema.get("format") == "uri" and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", value):
            wrong.append(f"{path}: {value!r} is no address")
        if schema.get("format") == "date-time" and not re.match(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", value
        ):
            wrong.append(f"{path}: {value!r} is no time")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            wrong.append(f"{path}: {value!r} does not match")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        wrong += [f"{path}.{name} is missing" for name in schema.get("required", []) if name not in value]
        if schema.get("additionalProperties") is False:
            wrong += [f"{path}.{name} is not known" for name in value if name not in known]
        for name, entry in value.items():
            if name in known:
                wrong += faults(entry, known[name], whole, f"{path}.{name}")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            wrong.append(f"{path} is too short")
        if "contains" in schema and all(faults(entry, schema["contains"], whole) for entry in value):
            wrong.append(f"{path} lacks what it has to contain")
        items = schema.get("items", {})
        first = items if isinstance(items, list) else []
        rest = schema.get("additionalItems", {}) if isinstance(items, list) else items
        for n, entry in enumerate(value):
            wrong += faults(entry, first[n] if n < len(first) else rest, whole, f"{path}[{n}]")
    return wrong
