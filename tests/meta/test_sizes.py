"""Sizes that keep the house light. When a limit hurts, the design is speaking: cut along the feature."""

from __future__ import annotations

from portal.paths import TEMPLATES
from tests.support.sources import body_lines, is_view, portal_modules, whole_lines

MODULE = 400
FUNCTION = 50
VIEW = 25
TEMPLATE = 80
FEATURE = 3000
"""Lines beyond which a folder is cut into sub-features (architecture: “about 1,500” is the time to think)."""


def test_modules_are_short() -> None:
    assert not {module.name: module.lines for module in portal_modules() if module.lines > MODULE}


def test_functions_are_short() -> None:
    assert not {
        f"{module.name}.{function.name}": whole_lines(function)
        for module in portal_modules()
        for function in module.functions()
        if whole_lines(function) > FUNCTION
    }


def test_views_are_short() -> None:
    views = {
        f"{module.name}.{function.name}": body_lines(function)
        for module in portal_modules()
        for function in module.functions()
        if is_view(function)
    }
    assert views
    assert not {name: lines for name, lines in views.items() if lines > VIEW}


def test_templates_are_short() -> None:
    sizes = {path: path.read_text().count("\n") for path in TEMPLATES.rglob("*") if path.is_file()}
    assert sizes
    assert not {str(path.relative_to(TEMPLATES)): lines for path, lines in sizes.items() if lines > TEMPLATE}


def test_folders_of_features_are_cut_in_time() -> None:
    sizes: dict[str, int] = {}
    for module in portal_modules():
        folder = str(module.path.parent.name)
        sizes[folder] = sizes.get(folder, 0) + module.lines
    sizes.pop("core", None)  # the kernel: many small modules that share no feature
    assert not {folder: lines for folder, lines in sizes.items() if lines > FEATURE}
