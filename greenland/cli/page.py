"""``greenland page``: the page for people without a shell."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from greenland.cli.common import Command, input_errors_exit, lang_option
from greenland.errors import MissingExtraError
from greenland.i18n import N_, _, language


@click.command(
    "page",
    cls=Command,
    help=N_(
        "在浏览器中使用：园区列表、上传台账、查看问题和报告。"
        "DIR 下每个园区一个文件夹，默认为当前文件夹；页面只供本机访问。"
    ),
)
@click.argument(
    "folder",
    metavar="[DIR]",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help=N_("监听的地址；不是本机地址时其他机器也能访问，须同时给出 --password-file。"),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help=N_("端口；0 为自动选择空闲端口。"),
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("密码文件，第一行是密码；给出后打开页面须输入密码。"),
)
@click.option(
    "--url",
    default="",
    help=N_("由反向代理转发时，读者使用的网址，如 https://park.example.org；须有密码。"),
)
@click.option("--no-browser", is_flag=True, help=N_("不自动打开浏览器。"))
@click.option(
    "--shortcut",
    is_flag=True,
    help=N_("在 DIR 中写出双击即可启动的 greenland.bat 和 greenland.desktop，不启动页面。"),
)
@lang_option
@input_errors_exit
def page_command(
    folder: Path,
    host: str,
    port: int,
    password_file: Path | None,
    url: str,
    no_browser: bool,
    shortcut: bool,
) -> None:
    """Serve the page, or write what starts it by a double click."""
    if find_spec("flask") is None or find_spec("waitress") is None:
        raise MissingExtraError("page", _("打开页面"))
    if shortcut:
        from greenland.page.shortcut import write_shortcuts

        for path in write_shortcuts(folder, language=language()):
            click.echo(_("已写出：{path}", path=str(path)))
        return
    from greenland.page.server import access_for, serve

    access = access_for(host, password_file, url)
    if access.password and not access.url.startswith("https:"):
        click.echo(
            _(
                "注意：密码和数据以明文在网络上传送，只应在可信的网络中使用；"
                "跨网络使用请放在带 HTTPS 的反向代理之后（见 docs/page.md）。"
            ),
            err=True,
        )

    def tell(link: str) -> None:
        click.echo(_("页面已启动：{link}", link=link))
        click.echo(_("关闭本窗口或按 Ctrl-C 即停止。"))

    serve(folder, host=host, port=port, access=access, tell=tell, browser=not no_browser)
