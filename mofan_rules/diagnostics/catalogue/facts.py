"""Codes of what can be wrong with facts as a whole: files that cannot be read, tables that are not there. Single rows are
no diagnostics: they are rejected, with codes of their own."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

FACTS_CODES: dict[str, Code] = {
    "facts-not-a-table": error(
        ("不是数据表", "not a table"),
        ("“{table}”要给一张表，给的却是 {found}", "{table} must be a table; what was given is {found}"),
        (
            "可以给字典的列表、pandas 或 polars 数据框、Arrow 表，或者文件路径",
            "give a list of dictionaries, a pandas or polars data frame, an Arrow table, or the path of a file",
        ),
    ),
    "facts-not-rows": error(
        ("不是一行数据", "not a row"),
        ("“{table}”的第 {row} 行不是字典，而是 {found}", "row {row} of {table} is not a dictionary but {found}"),
    ),
    "facts-unknown-table": error(
        ("没有这张表", "unknown table"),
        ("没有叫“{table}”的数据表", "there is no table of facts called {table}"),
    ),
    "facts-unknown-column": error(
        ("没有这一列", "unknown column"),
        ("数据表“{table}”没有叫“{column}”的列，规则集也没有声明", "the table {table} has no column {column}, and the ruleset declares none"),
    ),
    "facts-missing-column": error(
        ("缺少必需的列", "missing column"),
        ("“{file}”用作“{table}”，却没有“{column}”这一列", "{file} is used as {table} but has no column {column}"),
        ("请改列名，或在 facts.yaml 的 columns 里写明它对应哪一列", "rename the column, or say in facts.yaml under columns which one it is"),
    ),
    "facts-no-such-column": error(
        ("文件里没有这一列", "no such column in the file"),
        ("“{file}”没有“{column}”这一列", "{file} has no column {column}"),
    ),
    "facts-column-twice": error(
        ("两列是同一项", "two columns for one"),
        (
            "“{file}”的“{first}”和“{second}”都可作“{table}”的“{column}”，不知用哪一列",
            "{file}: both {first} and {second} could be the column {column} of {table}",
        ),
        ("请在 facts.yaml 的 columns 里写明", "say in facts.yaml under columns which one it is"),
    ),
    "facts-unreadable": error(
        ("读不了", "unreadable"),
        ("“{file}”读不了：{problem}", "{file} cannot be read: {problem}"),
    ),
    "facts-no-such-file": error(
        ("没有这个文件", "no such file"),
        ("没有“{file}”这个文件或文件夹", "there is no file or folder {file}"),
    ),
    "facts-unknown-format": error(
        ("不认识的格式", "unknown format"),
        ("“{file}”不是 CSV、Parquet、Excel 或 SQLite 文件", "{file} is no CSV, Parquet, Excel or SQLite file"),
    ),
    "facts-no-workbook": error(
        ("不是工作簿", "no workbook"),
        ("“{file}”名为 Excel 工作簿，内容却不是", "{file} bears the name of an Excel workbook, but is none"),
        ("请在 Excel 里打开，另存为“Excel 工作簿 (.xlsx)”；如果本是文本，把扩展名改为 .csv", "save it from Excel as .xlsx; if it is text, name it .csv"),
    ),
    "facts-encoding": error(
        ("无法识别的编码", "unknown encoding"),
        (
            "“{file}”第 {line} 行不是 UTF-8 编码，全文也不是 UTF-16 或 GB18030",
            "line {line} of {file} is not UTF-8, and the whole is neither UTF-16 nor GB18030",
        ),
        ("请在 Excel 里另存为“CSV UTF-8”", "save it as CSV UTF-8"),
    ),
    "facts-too-wide": error(
        ("列太多", "too many columns"),
        ("“{file}”有 {columns} 列，最多读 {most} 列", "{file} has {columns} columns; at most {most} are read"),
    ),
    "facts-too-large": error(
        ("文件太大", "too large"),
        ("“{file}”解压后超过 {largest} 字节", "{file} unpacks to more than {largest} bytes"),
    ),
    "facts-too-spread": error(
        ("工作表摊得太开", "sheet spread too wide"),
        ("“{file}”有一张工作表伸到第 {rows} 行、第 {columns} 列", "a sheet of {file} reaches to row {rows} and column {columns}"),
        ("请删去表格外远处的单元格", "delete the cells far outside the table"),
    ),
    "facts-nothing": error(
        ("没有可用的数据表", "no tables of facts"),
        ("“{file}”里没有一张表是事实数据", "nothing in {file} is a table of facts"),
        (
            "表名、文件名或工作表名要是 {tables} 之一（或其中文名），不然要在 facts.yaml 的 tables 里写明",
            "name the files or sheets {tables}, or say in facts.yaml under tables what is what",
        ),
    ),
    "facts-no-such-source": error(
        ("没有这个文件、工作表或表", "no such file, sheet or table"),
        ("没有叫“{name}”的文件、工作表或数据库表", "there is no file, sheet or database table {name}"),
    ),
    "facts-yaml-key": error(
        ("不认识的键", "unknown key"),
        ("facts.yaml 的这个位置不认识“{key}”，这里可以写：{known}", "facts.yaml does not know {key} in this place; known here: {known}"),
    ),
    "facts-yaml-shape": error(
        ("写法不对", "wrong form"),
        ("“{key}”要写成 {wanted}", "{key} must be written as {wanted}"),
    ),
    "facts-yaml-choice": error(
        ("取值不对", "wrong value"),
        ("“{key}”不能是“{value}”，可取 {choices}", "{key} cannot be {value}; it is one of {choices}"),
    ),
    "facts-yaml-brace": error(
        ("花括号不成对", "unbalanced braces"),
        ("“{value}”里的花括号要成对，括起列名", "braces in {value} must come in pairs around the names of columns"),
    ),
}
