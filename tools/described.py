"""The HTTP surface as src/service/openapi.json describes it."""

import json
import os
import re

DESCRIPTION = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                           "src/service/openapi.json")


class Api:
    """The description, and what an answer breaks of it."""

    def __init__(self, path):
        self.doc = json.load(open(path))
        self.asked = set()

    def operation(self, method, path):
        path = path.split("?")[0]
        for pattern, methods in self.doc["paths"].items():
            regex = "^" + re.sub(r"\{[^}]*\}", "[^/]+", pattern) + "$"
            if re.match(regex, path) and method.lower() in methods:
                self.asked.add((method, pattern))
                return methods[method.lower()]
        return None

    def misfit(self, method, path, status, answer):
        """What is wrong with this answer to a described operation; empty: nothing."""
        operation = self.operation(method, path)
        if operation is None or not isinstance(answer, (dict, list)):
            return ""
        responses = operation["responses"]
        response = self.resolve(responses.get(str(status), responses.get("default", {})))
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        return self.fault(answer, schema) if schema else ""

    def resolve(self, rule):
        while "$ref" in rule:
            at = self.doc
            for step in rule["$ref"].split("/")[1:]:
                at = at[step]
            rule = at
        return rule

    def fault(self, value, rule, place=""):
        rule = self.resolve(rule)
        for each in rule.get("allOf", []):
            if wrong := self.fault(value, each, place):
                return wrong
        for name in ("oneOf", "anyOf"):
            if name in rule and all(self.fault(value, each, place) for each in rule[name]):
                return f"{place}: fits none of {name}"
        if "enum" in rule and value not in rule["enum"]:
            return f"{place}: {value!r} is none of {rule['enum'][:6]}"
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
        kind = rule.get("type")
        if kind in kinds and not isinstance(value, kinds[kind]):
            return f"{place}: {str(value)[:60]!r} is no {kind}"
        if kind == "integer" and (isinstance(value, bool) or not isinstance(value, int)):
            return f"{place}: {str(value)[:60]!r} is no integer"
        if isinstance(value, str) and "pattern" in rule and not re.search(rule["pattern"], value):
            return f"{place}: {value!r} does not match {rule['pattern']}"
        if isinstance(value, list) and "items" in rule:
            for i, each in enumerate(value):
                if wrong := self.fault(each, rule["items"], f"{place}[{i}]"):
                    return wrong
        if isinstance(value, dict):
            return self.object_fault(value, rule, place)
        return ""

    def object_fault(self, value, rule, place):
        members = rule.get("properties", {})
        for name in rule.get("required", []):
            if name not in value:
                return f"{place}.{name} is missing"
        for name, each in value.items():
            more = rule.get("additionalProperties", True)
            if name in members:
                wrong = self.fault(each, members[name], f"{place}.{name}")
            elif more is False:
                wrong = f"{place}.{name} is not described"
            else:
                wrong = self.fault(each, more, f"{place}.{name}") if isinstance(more, dict) else ""
            if wrong:
                return wrong
        return ""
