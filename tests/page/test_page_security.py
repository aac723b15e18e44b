"""Who is let in, and what other sites can make the page do."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from greenland.errors import InputError
from greenland.page.app import create_app
from greenland.page.security import Access
from greenland.page.server import access_for


def test_the_link_lets_in_and_nothing_else_does(app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.get("/").status_code == 403
    assert stranger.get("/?token=wrong").status_code == 403
    assert stranger.get("/?token=the-token").status_code == 302
    assert stranger.get("/").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    given = app.test_client().get("/?token=the-token").headers["Set-Cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Strict" in given


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "", "a@localhost", "10.0.0.7"],
)
def test_other_names_of_this_machine_are_refused(client: FlaskClient, host: str) -> None:
    """DNS rebinding: another site's name that was given the address of this machine."""
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:9"])
def test_names_of_this_machine_are_known(app: Flask, host: str) -> None:
    answer = app.test_client().get("/?token=the-token", headers={"Host": host})
    assert answer.status_code == 302


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", ""])
def test_what_other_origins_send_is_not_done(client: FlaskClient, origin: str) -> None:
    answer = client.post("/language", data={"lang": "en"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "园区" in client.get("/").get_data(as_text=True)


def test_what_other_sites_send_without_an_origin_is_not_done(client: FlaskClient) -> None:
    answer = client.post("/language", data={"lang": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_without_the_token_of_the_page_nothing_is_done(app: Flask) -> None:
    bare = app.test_client()
    bare.get("/?token=the-token")
    assert bare.post("/language", data={"lang": "en"}).status_code == 403
    bare.get("/")
    assert bare.post("/language", data={"lang": "en", "csrf": "x"}).status_code == 403


def test_own_pages_may(client: FlaskClient) -> None:
    answer = client.post("/language", data={"lang": "en"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 302
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_stays_here(client: FlaskClient, back: str) -> None:
    answer = client.post("/language", data={"lang": "en", "back": back})
    assert answer.headers["Location"] == "/"


def test_pages_forbid_what_they_do_not_need(client: FlaskClient) -> None:
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.get_data(as_text=True)
    assert "style=" not in page
    assert "<script>" not in page


def test_a_page_others_can_reach_has_a_password(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="必须有密码"):
        access_for("0.0.0.0", None, "")
    with pytest.raises(InputError, match="必须有密码"):
        access_for("127.0.0.1", None, "https://park.example.org")
    secret = tmp_path / "secret"
    secret.write_text("short\n", encoding="utf-8")
    with pytest.raises(InputError, match="不足 12 个字符"):
        access_for("0.0.0.0", secret, "")
    secret.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="第一行是空的"):
        access_for("0.0.0.0", secret, "")


@pytest.mark.parametrize("url", ["park.example.org", "ftp://a", "https://a/b", "https://u@a"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a long enough one\n", encoding="utf-8")
    with pytest.raises(InputError, match="完整的网址"):
        access_for("127.0.0.1", secret, url)


def test_a_password_is_asked_for_and_wrong_ones_wait(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenland.page import access as views

    monkeypatch.setattr(views, "_tries", views.Tries())
    app = create_app(root, access=Access(token="t", password="open sesame, please"))
    reader = app.test_client()
    assert reader.get("/?token=t").headers["Location"] == "/login"
    page = reader.get("/login").get_data(as_text=True)
    csrf = page.split('name="csrf" content="')[1].split('"')[0]
    wrong = reader.post("/login", data={"csrf": csrf, "password": "guess"})
    assert (wrong.status_code, "密码不对" in wrong.get_data(as_text=True)) == (403, True)
    soon = reader.post("/login", data={"csrf": csrf, "password": "open sesame, please"})
    assert soon.status_code == 429
    monkeypatch.setattr(views, "_tries", views.Tries())
    right = reader.post("/login", data={"csrf": csrf, "password": "open sesame, please"})
    assert right.headers["Location"] == "/"
    assert reader.get("/").status_code == 200
    assert reader.post("/logout", data={"csrf": csrf}).headers["Location"] == "/login"
    assert reader.get("/").headers["Location"] == "/login"


def test_strangers_bring_no_large_body(app: Flask) -> None:
    stranger = app.test_client()
    stranger.get("/login")
    answer = stranger.post("/login", data={"password": "x" * 2_000_000})
    assert answer.status_code == 413


def test_a_proxy_before_it_is_known_by_its_address(root: Path) -> None:
    access = Access(token="t", password="a long enough one", url="https://park.example.org")
    app = create_app(root, access=access)
    reader = app.test_client()
    answer = reader.get("/login", headers={"Host": "park.example.org"})
    assert answer.status_code == 200
    assert "Secure" in answer.headers["Set-Cookie"]
    assert reader.get("/login", headers={"Host": "evil.example.org"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/jobs/none", 404), ("/park/x/", 404)]
)
def test_errors_are_told_in_words(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "园区列表" in answer.get_data(as_text=True)


def test_a_fault_of_ours_tells_nothing_of_files(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def spoiled() -> str:
        raise RuntimeError("/secret/place")

    monkeypatch.setitem(app.view_functions, "parks.index", spoiled)
    answer = client.get("/")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "详情见运行 greenland page 的终端" in text
    assert "secret" not in text
    assert "/secret/place" in capsys.readouterr().err
