"""What may a page load? Only what the hall itself serves."""

import pytest


def policy(response) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


def test_a_page_runs_only_the_halls_own_scripts(cast, client):
    told = policy(client.get("/sign-in"))
    assert told["default-src"] == "'self'"
    assert told["frame-ancestors"] == "'none'"
    assert told["require-trusted-types-for"] == "'script'"
    assert "script-src" not in told


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/"])
def test_a_page_that_a_package_brings_may_run_what_it_needs(cast, client, page):
    told = policy(client.get(page))
    assert told["script-src"] == "'self' 'unsafe-eval' 'unsafe-inline'"
    assert "require-trusted-types-for" not in told


def test_no_page_may_be_framed_or_tell_other_hosts_where_somebody_was(cast, client):
    response = client.get("/sign-in")
    assert (response["X-Frame-Options"], response["Referrer-Policy"]) == ("DENY", "same-origin")
