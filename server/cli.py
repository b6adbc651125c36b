"""The `jifen` command: lists what there is, imports a command only when it runs, so that `--help` is quick.

Owns the names of the contract and how an error ends a command. The work is in the slices' own `cli` modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from server.instance import FAULTY
from server.kit.errors import DomainError, Invalid

# name: (where the click command is, what the overview says)
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("server.demo.cli:demo", "建一个演示县并打开它"),
    "init": ("server.people.cli:init", "新建一个实例：县、管理员、第一个密码"),
    "serve": ("server.web.cli:serve", "正式运行"),
    "import": ("server.cli:import_", "导入区划、花名册、网格、人员、积分细则"),
    "template": ("server.transfer.cli:template", "写出空的 Excel 模板"),
    "plates": ("server.grid.cli:plates", "打印门牌二维码"),
    "grids": ("server.grid.suggestions.cli:grids", "网格划分：报告、建议方案"),
    "rulebook": ("server.rulebook.cli:rulebook", "检查积分细则文件"),
    "cycles": ("server.cycles.cli:cycles", "到期的周期：查看、关账"),
    "ledger": ("server.ledger.cli:ledger", "核对积分台账"),
    "backup": ("server.archive.cli:backup", "备份整个实例"),
    "restore": ("server.archive.cli:restore", "把备份恢复到空的实例，并核对"),
    "export": ("server.archive.cli:export", "把一个村写成一个文件"),
    "load": ("server.archive.cli:load", "读进 export 写的一个村"),
    "audit": ("server.audit.cli:audit", "操作日志：核对、导出"),
    "keys": ("server.people.keys_cli:keys", "换密钥：手机号和证件号重新加密"),
    "assess": ("server.assessment.cli:assess", "考核方案：查看、检查、计算"),
    "admin": ("server.people.cli:admin", "在服务器上重设密码"),
    "db": ("server.migrations.cli:db", "数据库结构升级、退回"),
    "bench": ("server.bench.cli:bench", "性能测量"),
}


IMPORTS: dict[str, tuple[str, str]] = {
    "divisions": ("server.people.cli:divisions_file", "区划：县级、乡镇级（CSV 或 Excel）"),
    "roster": ("server.people.cli:roster_file", "花名册：户和成员"),
    "grids": ("server.people.cli:grids_file", "网格，连同各网格的户号"),
    "people": ("server.people.cli:people_file", "账号和角色"),
    "goods": ("mall.goods.cli:goods_file", "积分超市的商品"),
    "opening-balances": ("server.settlement.cli:opening_balances_file", "初始积分：旧系统或纸质卡上的结余"),
    "rulebook": ("server.rulebook.cli:rulebook_file", "积分细则（先作草案，会议通过后生效）"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return None
        module, _, name = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """A refusal is a sentence and an exit status, never a traceback."""
        try:
            return super().invoke(ctx)
        except DomainError as error:
            for line in refusal(error):
                click.echo(line, err=True)
            ctx.exit(exit_status(error))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, short) for name, (_, short) in self._lazy.items()])


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def jifen() -> None:
    """村民积分制：花名册、积分细则、记录、评议、公示、台账。

    动到数据的命令都可以写 --data 目录，或用环境变量 JIFEN_DATABASE_URL、JIFEN_DATA。
    """


@click.group(cls=LazyGroup, lazy=IMPORTS)
def import_() -> None:
    """导入文件。文件有错就一点也不导入，列出每一处在哪行哪列，退出码 2。"""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    jifen.main(args=arguments, prog_name="jifen")


def refusal(error: DomainError) -> list[str]:
    """A domain error as lines for a terminal."""
    return [f"没有做成：{error.message}", *(f"  {fault.field}：{fault.message}" for fault in error.faults)]


def exit_status(error: DomainError) -> int:
    """2 for what is wrong with the input, 1 for what the present state does not allow."""
    return FAULTY if isinstance(error, Invalid) else 1
