"""How is the API read by people? One plain page, made from its own OpenAPI document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class ApiPage(DocsBase):
    """The page at /api/v1/docs: like all of ours it loads nothing from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        document = api.get_openapi_schema()
        calls = [
            {"method": method.upper(), "address": address, **call, "shape": shape_of(call)}
            for address, methods in document["paths"].items()
            for method, call in methods.items()
        ]
        context = {"title": document["info"]["title"], "calls": calls}
        return render(request, "api.html", {**context, "shapes": shapes(document)})


def shape_of(call: dict[str, Any]) -> str:
    """Return the name of the shape that a call answers when all is well."""
    good = next(answer for status, answer in call["responses"].items() if int(status) < 400)  # noqa: PLR2004
    return good["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]


def shapes(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each shape's words and what they hold, as far as a reader needs it."""
    return {
        name: {word: kind_of(rule) for word, rule in shape.get("properties", {}).items()}
        for name, shape in document["components"]["schemas"].items()
    }


def kind_of(rule: dict[str, Any]) -> str:
    if "$ref" in rule:
        return rule["$ref"].rsplit("/", 1)[-1]
    if "anyOf" in rule:
        return " / ".join(kind_of(each) for each in rule["anyOf"])
    if rule.get("type") == "array":
        return f"[{kind_of(rule.get('items', {}))}]"
    return " / ".join(map(str, rule.get("enum", [rule.get("format") or rule.get("type", "JSON")])))
