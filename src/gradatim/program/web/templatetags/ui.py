"""Template parts: fields, form errors, icons, safe Markdown. Loaded everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import nh3
from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from gradatim.program.achievements import credit, languages, rubric
from gradatim.program.achievements import judged as rubrics
from gradatim.program.achievements.models import Translation, Version
from gradatim.program.ground import clock
from gradatim.program.web.panels import PANELS

register = template.Library()

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "h3", "h4", "hr"}
_ATTRIBUTES = {"a": {"href"}}

# Lucide (ISC): the paths of the few icons in use, drawn on a 24 by 24 field.
ICONS = {
    "check": '<path d="M20 6 9 17l-5-5"/>',
    "x": '<path d="M18 6 6 18"/><path d="m6 6 12 12"/>',
    "question": '<circle cx="12" cy="12" r="10"/><path d="M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3"/><path d="M12 17h.01"/>',
    "tick-circle": '<circle cx="12" cy="12" r="10"/><path d="m8 12.5 2.8 2.8L16.5 9"/>',
    "cross-circle": '<circle cx="12" cy="12" r="10"/><path d="m15 9-6 6"/><path d="m9 9 6 6"/>',
    "arrow-right": '<path d="M5 12h14"/><path d="m12 5 7 7-7 7"/>',
    "plus": '<path d="M5 12h14"/><path d="M12 5v14"/>',
    "download": '<path d="M12 15V3"/><path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"/><path d="m7 10 5 5 5-5"/>',
    "upload": '<path d="M12 3v12"/><path d="m17 8-5-5-5 5"/><path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small icon for beside words; hidden from screen readers."""
    return mark_safe(  # noqa: S308 - a constant of this module
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{ICONS[name]}</svg>'
    )


@register.filter
def markdown(text: str | None) -> SafeString:
    """Markdown as safe HTML: a closed list of elements, no images, no scripts, links that tell nobody where from."""
    html = nh3.clean(
        _markdown.render(text or ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308 - cleaned in the line above


@register.filter
def moment(at: datetime | None) -> str:
    """Day and time in the program's time zone, with the zone beside."""
    return clock.moment(at) if at else ""


@register.filter
def credit_sentence(version: Version) -> str:
    """Whether a version carries credit, said plainly."""
    return credit.sentence(version)


@register.filter
def judged(version: Version, said: Version | Translation) -> list[rubrics.Criterion]:
    """The rubric of a version as it is shown: in its own language, or in that of a translation."""
    return rubrics.judged(version, said if isinstance(said, Translation) else None)


@register.filter
def missing(version: Version, said: Version | Translation) -> dict[str, str]:
    """What a translation lacks; nothing for the version itself."""
    return languages.missing(version, said) if isinstance(said, Translation) else {}


@register.filter
def language_name(code: str) -> str:
    """A language in words."""
    return languages.name_of(code)


@register.filter
def own_name(code: str) -> str:
    """What a language calls itself."""
    return languages.own_name(code)


@register.filter
def marked(text: languages.Text) -> SafeString:
    """A text, in an element that names its language if that is not the one around it."""
    return format_html('<span lang="{}">{}</span>', text.language, text) if text.language else escape(text)


@register.filter
def unmeasured(version: Version) -> list[str]:
    """The outcomes that no criterion of a version's rubric measures."""
    return rubric.unmeasured(version.rubric, [o.text for o in version.outcomes.all()])


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One form field: label, help, control, error, wired together for screen readers."""
    widget = bound.field.widget
    choices = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    if bound.is_hidden:
        return bound.as_widget()
    named = [
        f"{bound.id_for_label}_{kind}"
        for kind, there in (("help", bound.help_text), ("error", bound.errors))
        if there
    ]
    attributes: dict[str, Any] = {}
    if named:
        attributes["aria-describedby"] = " ".join(named)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return mark_safe(  # noqa: S308 - rendered by an autoescaping template
        render_to_string(
            "ui/field.html",
            {
                "field": bound,
                "choices": choices,
                "check": isinstance(widget, forms.CheckboxInput),
                "control": None if choices else bound.as_widget(attrs=attributes),
                "described": " ".join(named),
            },
        )
    )


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What has to be mended in a form, with links to the fields."""
    return {"form": form}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: dict[str, Any], page_of: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's Page is untyped in templates
    """Earlier and next, for a page of a paginator."""
    return {"page_of": page_of, "request": context["request"]}


@register.simple_tag(takes_context=True)
def panel(context: Context, name: str) -> SafeString:
    """A part of the page that a room above fills; which one is written down in `web.panels`."""
    found = PANELS[name]
    request = context["request"]
    page: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
    filled = found.fill(request.organization, page)
    return mark_safe(render_to_string(found.template, filled, request=request))  # noqa: S308 - rendered by an autoescaping template
