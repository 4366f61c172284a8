"""Opens pages in Chromium, cut off from any network.

Debian's Chromium, or the one that CHROMIUM names, driven by Playwright.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, LocatorAssertions, Page

# Machines that build something besides are slow.
TIMEOUT = 180_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """Return the path of a Chromium, or None if there is none."""
    return (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium-headless-shell")  # starts far faster
        or shutil.which("chromium")
    )


@contextmanager
def playwright_browser() -> Iterator[Browser]:
    """Start Chromium, and end it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - optional

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=ARGUMENTS
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser,
    file: Path,
    address: str = "",
    **options: Any,  # noqa: ANN401 - Playwright's own
) -> Iterator[Page]:
    """Open a file; fail on an error in the console and on any request.

    `address` is what stands behind the file's name, `#drug=ETHANOL`.
    """
    context = browser.new_context(
        **{
            "viewport": {"width": 1280, "height": 900},
            "locale": "en-GB",
            "accept_downloads": True,
            **options,
        }
    )
    problems: list[str] = []
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    page.on(
        "console",
        lambda message: problems.append(f"{message.type}: {message.text}"),
    )
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on("dialog", lambda dialog: problems.append("a dialog"))
    page.on(
        "request",
        lambda request: (
            problems.append(f"request: {request.url}")
            if not request.url.startswith((file.as_uri(), "data:", "blob:"))
            else None
        ),
    )
    page.goto(file.as_uri() + address)
    try:
        yield page
    finally:
        context.close()
    assert problems == []


def expect(locator: Locator) -> LocatorAssertions:
    """Wait until something is true of an element.

    Not with `wait_for_function`, which has the page evaluate a text as a
    script: the page's policy forbids it.
    """
    from playwright.sync_api import expect as expected  # noqa: PLC0415 - optional

    expected.set_options(timeout=TIMEOUT)
    return expected(locator)
