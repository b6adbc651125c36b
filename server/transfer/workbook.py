"""Opening a spreadsheet that somebody uploaded: the one door for every importer.

Owns what is let in: .xlsx and .csv up to a size, whose content is what the name says. Everything else is
refused with
a stable code and a Chinese sentence that says what to do. Interprets nothing (see `columns.py`).
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from server.transfer.csv_text import open_csv
from server.transfer.table import Table, UnreadableFile
from server.transfer.xlsx import Progress, open_xlsx

MAX_FILE = 20 * 1024 * 1024

# First bytes of what people upload by mistake, and what to tell them.
_FOREIGN = (
    (b"%PDF", "not_a_table", "这是 PDF，不是表格。请上传 .xlsx 或 .csv 文件。"),
    (b"\x89PNG", "not_a_table", "这是图片，不是表格。请上传 .xlsx 或 .csv 文件。"),
    (b"\xff\xd8\xff", "not_a_table", "这是照片，不是表格。请上传 .xlsx 或 .csv 文件。"),
    (b"GIF8", "not_a_table", "这是图片，不是表格。请上传 .xlsx 或 .csv 文件。"),
    (b"Rar!", "not_a_table", "这是压缩包。请先解压，再上传里面的表格。"),
    (b"7z\xbc\xaf", "not_a_table", "这是压缩包。请先解压，再上传里面的表格。"),
    (b"\x1f\x8b", "not_a_table", "这是压缩包。请先解压，再上传里面的表格。"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def open_table(
    source: str | PathLike[str] | bytes, filename: str | None = None, progress: Progress | None = None
) -> Table:
    """The sheets of an .xlsx or .csv file, given as a path or as bytes with the name it was uploaded under.

    `progress(done, total)` is called while the XML is read. Raises UnreadableFile with one of the codes
    `no_file`,
    `empty_file`, `file_too_large`, `wrong_extension`, `extension_lies`, `not_a_table`, `old_excel`,
    `encrypted_workbook`, or those of `open_xlsx` and `open_csv`.
    """
    data = source if isinstance(source, bytes) else _load(Path(source))
    name = filename if filename is not None else (None if isinstance(source, bytes) else Path(source).name)
    if len(data) > MAX_FILE:
        raise _oversize()
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableFile("empty_file", "文件是空的。")
    kind = _kind(data)
    _check_extension(kind, name)
    return open_xlsx(data, progress) if kind == "xlsx" else open_csv(data)


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise _oversize()
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile("no_file", f"打不开文件 {path.name}：{_why(error)}。") from error


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件，请核对路径"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹"
    return "没有读取的权限" if isinstance(error, PermissionError) else "磁盘读不出来"


def _oversize() -> UnreadableFile:
    limit = MAX_FILE // (1024 * 1024)
    return UnreadableFile(
        "file_too_large", f"文件超过 {limit} MB，没有打开。请删去图片和多余的工作表后再上传。"
    )


def _kind(data: bytes) -> str:
    """`xlsx` or `csv`, by the content."""
    if data.startswith(_ZIP):
        return "xlsx"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile("encrypted_workbook", "文件设了密码，打不开。请先去掉密码再上传。")
        raise UnreadableFile(
            "old_excel", "这是旧版 Excel（.xls）文件。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
        )
    for magic, code, message in _FOREIGN:
        if data.startswith(magic):
            raise UnreadableFile(code, message)
    return "csv"


def _check_extension(kind: str, name: str | None) -> None:
    suffix = Path(name).suffix.lower() if name else ""
    if not suffix:
        return
    if suffix not in (".xlsx", ".csv"):
        raise UnreadableFile("wrong_extension", f"不接受 {suffix} 文件。请另存为 .xlsx 或 .csv 后再上传。")
    if suffix != f".{kind}":
        real = "Excel 表格" if kind == "xlsx" else "文字文件"
        raise UnreadableFile(
            "extension_lies",
            f"文件名是 {suffix}，内容却是{real}。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
        )
