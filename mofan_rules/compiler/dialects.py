"""What differs between the databases that programs are compiled for: one class a dialect, one method for each thing that is said differently.

Each method gives a tree in the words of its own dialect: nothing is translated from one to another, because translations differ in silence.
The tests run every method on every engine.
"""

from collections.abc import Mapping

from sqlglot import exp

from mofan_rules.compiler.tree import BIGINT, DATE, INT, TEXT, Tree, call, case, cast, column, eq, le, minus, plus, remainder, text, times, whole

MICRO = 1_000_000


class Dialect:
    """DuckDB, and what the others have in common with it."""

    name = "duckdb"
    wide = "INT128"
    """The type of exact whole numbers of up to 37 digits."""

    follows_paths = True
    """Does it follow paths of any length through a graph that may have cycles?"""

    def exact(self, value: Tree) -> Tree:
        """A whole number in the widest type."""
        return cast(value, exp.DataType.build(self.wide))

    def millionths(self, decimal: Tree) -> Tree:
        """A DECIMAL(24, 6) as its millionths."""
        return self.exact(times(decimal, whole(MICRO)))

    def quotient(self, a: Tree, b: Tree) -> Tree:
        """`a / b` of wide numbers where it comes out even."""
        return exp.IntDiv(this=exp.Paren(this=a), expression=exp.Paren(this=b))

    def short_quotient(self, a: Tree, b: Tree) -> Tree:
        """The same of numbers of 64 bits."""
        return exp.IntDiv(this=exp.Paren(this=a), expression=exp.Paren(this=b))

    def gcd(self, a: Tree, b: Tree) -> Tree:
        """The greatest common divisor of two wide numbers that are not negative."""
        return self.exact(call("GCD", a, b))

    def days_after(self, start: Tree, days: Tree) -> Tree:
        """So many days on."""
        return plus(start, cast(days, INT))

    def months_after(self, start: Tree, months: Tree) -> Tree:
        """So many months on, in the last days of a month cut to its last."""
        return cast(plus(start, call("TO_MONTHS", cast(months, INT))), DATE)

    def days_between(self, later: Tree, earlier: Tree) -> Tree:
        """How many days after the earlier date the later one is."""
        return cast(minus(later, earlier), BIGINT)

    def part(self, name: str, day: Tree) -> Tree:
        """`YEAR`, `MONTH` or `DAY` of a date, or its `ISODOW` (Monday is 1)."""
        return cast(call(name, day), BIGINT)

    def date_of(self, year: Tree, month: Tree, day: Tree) -> Tree:
        """The date of a year, a month and a day."""
        return call("MAKE_DATE", cast(year, INT), cast(month, INT), cast(day, INT))

    def date_text(self, day: Tree) -> Tree:
        """A date in ISO form."""
        return cast(day, TEXT)

    def contains(self, items: Tree, item: Tree) -> Tree:
        """Is an item in a list, both known?"""
        return call("LIST_CONTAINS", items, item)

    def items(self, values: list[Tree]) -> Tree:
        """A list of texts."""
        return cast(exp.Array(expressions=values), exp.DataType.build("TEXT[]"))

    def numbers(self, first: Tree, last: Tree) -> Tree:
        """A column with the whole numbers from `first` to `last`, a row each; none if `last` is less."""
        return call("UNNEST", call("RANGE", first, plus(last, whole(1))))

    def without_trailing_zeros(self, digits: Tree) -> Tree:
        """A text without the zeros at its end."""
        return exp.Trim(this=digits, expression=text("0"), position="TRAILING")

    def by_code_point(self, value: Tree) -> Tree:
        """A text as something that is ordered by code points."""
        return value

    def table_name(self, schema: str, name: str) -> str:
        """The name of a table or view, quoted."""
        return relation_of(schema, name).sql(self.name)

    def create_table(self, schema: str, name: str, columns: Mapping[str, str]) -> str:
        """The statement that creates a table with columns of DuckDB's types, if it is not there yet."""
        defined = [
            exp.ColumnDef(this=exp.Identifier(this=column, quoted=True), kind=exp.DataType.build(kind, dialect="duckdb")) for column, kind in columns.items()
        ]
        shape = exp.Schema(this=relation_of(schema, name), expressions=defined)
        return exp.Create(this=shape, kind="TABLE", exists=True).sql(self.name, pretty=True) + ";"


class DuckDb(Dialect):
    """DuckDB 2."""


class Postgres(Dialect):
    """PostgreSQL 15 and later."""

    name = "postgres"
    wide = "DECIMAL(38, 0)"

    def quotient(self, a: Tree, b: Tree) -> Tree:
        return call("DIV", a, b)

    def short_quotient(self, a: Tree, b: Tree) -> Tree:
        return cast(call("DIV", a, b), BIGINT)

    def months_after(self, start: Tree, months: Tree) -> Tree:
        interval = call("MAKE_INTERVAL", exp.Kwarg(this=exp.var("months"), expression=cast(months, INT)))
        return cast(plus(start, interval), DATE)

    def part(self, name: str, day: Tree) -> Tree:
        return cast(exp.Extract(this=exp.var(name), expression=day), BIGINT)

    def date_text(self, day: Tree) -> Tree:
        return call("TO_CHAR", day, text("YYYY-MM-DD"))

    def contains(self, items: Tree, item: Tree) -> Tree:
        return eq(item, call("ANY", items))

    def numbers(self, first: Tree, last: Tree) -> Tree:
        return call("GENERATE_SERIES", first, last)

    def by_code_point(self, value: Tree) -> Tree:
        return exp.Collate(this=exp.Paren(this=value), expression=exp.Column(this=exp.Identifier(this="C", quoted=True)))


class Spark(Dialect):
    """Spark 4 with ANSI behaviour."""

    name = "spark"
    wide = "DECIMAL(38, 0)"
    follows_paths = False

    def quotient(self, a: Tree, b: Tree) -> Tree:
        # DIV gives 64 bits; a quotient of decimals has 32 digits before its point, and comes out even.
        return self.exact(exp.Div(this=exp.Paren(this=self.exact(a)), expression=exp.Paren(this=self.exact(b))))

    def short_quotient(self, a: Tree, b: Tree) -> Tree:
        return exp.IntDiv(this=exp.Paren(this=a), expression=exp.Paren(this=b))

    def gcd(self, a: Tree, b: Tree) -> Tree:
        """Euclid's steps, of which there are fewer than five for each digit."""
        pair = call("NAMED_STRUCT", text("a"), self.exact(a), text("b"), self.exact(b))
        left, right = column("pair.a"), column("pair.b")
        names = [exp.Identifier(this="pair", quoted=True), exp.Identifier(this="step", quoted=True)]
        following = call("NAMED_STRUCT", text("a"), right, text("b"), self.exact(remainder(left, right)))
        step = exp.Lambda(this=case((eq(right, whole(0)), column("pair")), otherwise=following), expressions=names)
        result = exp.Lambda(this=left, expressions=names[:1])
        return call("AGGREGATE", call("SEQUENCE", whole(1), whole(190)), pair, step, result)

    def days_after(self, start: Tree, days: Tree) -> Tree:
        return call("DATE_ADD", start, cast(days, INT))

    def months_after(self, start: Tree, months: Tree) -> Tree:
        return call("ADD_MONTHS", start, cast(months, INT))

    def days_between(self, later: Tree, earlier: Tree) -> Tree:
        return cast(call("DATEDIFF", later, earlier), BIGINT)

    def part(self, name: str, day: Tree) -> Tree:
        return plus(cast(call("WEEKDAY", day), BIGINT), whole(1)) if name == "ISODOW" else cast(call(name, day), BIGINT)

    def contains(self, items: Tree, item: Tree) -> Tree:
        return call("ARRAY_CONTAINS", items, item)

    def items(self, values: list[Tree]) -> Tree:
        return cast(call("ARRAY", *values), exp.DataType.build("ARRAY<STRING>", dialect="spark"))

    def numbers(self, first: Tree, last: Tree) -> Tree:
        empty = cast(call("ARRAY"), exp.DataType.build("ARRAY<BIGINT>", dialect="spark"))
        return call("EXPLODE", case((le(first, last), call("SEQUENCE", cast(first, BIGINT), cast(last, BIGINT))), otherwise=empty))

    def create_external_table(self, schema: str, name: str, columns: Mapping[str, str], place: str) -> str:
        """The statement that registers a Parquet file as a table."""
        shape = self.create_table(schema, name, columns).rstrip(";")
        return f"{shape} USING PARQUET OPTIONS (path {exp.Literal.string(place).sql(self.name)})"


def relation_of(schema: str, name: str) -> exp.Table:
    """A table by name."""
    quoted = [exp.Identifier(this=part, quoted=True) for part in (name, schema)]
    return exp.Table(this=quoted[0], db=quoted[1] if schema else None)


DIALECTS: dict[str, Dialect] = {"duckdb": DuckDb(), "postgres": Postgres(), "spark": Spark()}
"""The dialects by name."""
