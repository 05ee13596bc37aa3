"""Places where a C++ source can be changed, found in clang's syntax tree.

A place is rewritten to a choice at run time, `(spanlab_mutant_is(17) ? (a <= b) : (a < b))`, so
that one build contains all mutants. Places in constant expressions cannot be rewritten; those that
are not recognised here fail to compile and are dropped by the caller.
"""

import dataclasses
import hashlib
import os
import re
import sys

os.environ.setdefault("LIBCLANG_NOTHREADS", "1")  # its threads now and then wait for each other
from clang.cindex import CursorKind, Index, TranslationUnitLoadError, TypeKind

sys.setrecursionlimit(20000)

COMPARISONS = {
    "<": ("<=", ">"), ">": (">=", "<"), "<=": ("<", ">"), ">=": (">", "<"),
    "==": ("!=",), "!=": ("==",),
}
ARITHMETIC = {"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",)}
ASSIGNMENTS = {"+=": ("-=",), "-=": ("+=",), "*=": ("/=",), "/=": ("*=",)}
LOGICAL = {"&&": ("||",), "||": ("&&",)}
OPERATORS = {
    **{op: ("comparison", to) for op, to in COMPARISONS.items()},
    **{op: ("arithmetic", to) for op, to in {**ARITHMETIC, **ASSIGNMENTS}.items()},
    **{op: ("logical", to) for op, to in LOGICAL.items()},
}
KINDS = ("comparison", "arithmetic", "logical", "constant", "order", "return")

FUNCTIONS = {
    CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.FUNCTION_TEMPLATE,
    CursorKind.CONSTRUCTOR, CursorKind.DESTRUCTOR, CursorKind.CONVERSION_FUNCTION,
}
CONSTANT_CONTEXTS = {
    CursorKind.STATIC_ASSERT, CursorKind.ENUM_DECL, CursorKind.PARM_DECL,
    CursorKind.TEMPLATE_NON_TYPE_PARAMETER, CursorKind.TEMPLATE_TYPE_PARAMETER,
    CursorKind.TYPE_ALIAS_DECL,
}
# Calls whose arguments' order, or whose arguments at all, make no difference to the result.
SYMMETRIC = {"min", "max", "swap", "hypot"}
NO_EFFECT = {"reserve"}
INTEGER = re.compile(rb"(0[xX][0-9a-fA-F']+|[0-9][0-9']*)[uUlLzZ]*$")
FLOATING = re.compile(rb"[0-9']*\.?[0-9']*([eE][-+]?[0-9]+)?[fF]?$")
EMPTY_VALUES = {b"{}", b"nullptr", b"std::nullopt", b'""'}


@dataclasses.dataclass
class Place:
    file: str  # relative to the root of the tree
    room: str
    function: str
    line: int
    kind: str
    before: str
    after: str
    span: list  # [first byte, past the last byte] of what is rewritten
    edits: list  # [[first byte, past the last byte, template text]], MUTANT stands for the condition
    copy: int = 1  # the same change of the same text in the same function: 1, 2, ...

    @property
    def name(self):
        """Identifies the place without line numbers."""
        copy = f" ({self.copy})" if self.copy > 1 else ""
        return f"{self.file}: {self.function}: {self.before} -> {self.after}{copy}"

    @property
    def number(self):
        return int(hashlib.sha256(self.name.encode()).hexdigest()[:7], 16) + 1


def short(text):
    words = " ".join(text.decode(errors="replace").split())
    return words if len(words) <= 90 else f"{words[:60]} ... {words[-25:]}"


def element(kind):
    """Whether a type is a number or truth: 'bool', 'number' or ''."""
    if kind == TypeKind.BOOL:
        return "bool"
    numbers = {TypeKind.INT, TypeKind.UINT, TypeKind.LONG, TypeKind.ULONG, TypeKind.LONGLONG,
               TypeKind.ULONGLONG, TypeKind.FLOAT, TypeKind.DOUBLE, TypeKind.SHORT, TypeKind.USHORT,
               TypeKind.UCHAR, TypeKind.SCHAR}
    return "number" if kind in numbers else ""


class Finder:
    """Collects the places of a room's files from one translation unit."""

    def __init__(self, root, room, wanted):
        self.root, self.room, self.wanted = root, room, wanted
        self.texts, self.places, self.seen = {}, [], set()

    def text_of(self, file):
        if file not in self.texts:
            with open(f"{self.root}/{file}", "rb") as source:
                self.texts[file] = source.read()
        return self.texts[file]

    def extent(self, cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def source(self, cursor):
        begin, end = self.extent(cursor)
        return self.text[begin:end]

    def parse(self, name, text, arguments):
        unit = Index.create().parse(name, args=arguments, unsaved_files=[(name, text)])
        worst = [str(d) for d in unit.diagnostics if d.severity >= 3]
        if worst:
            raise TranslationUnitLoadError("clang cannot read " + name + ": " + worst[0])
        for cursor in unit.cursor.get_children():
            place = cursor.location.file
            if place is None or not place.name.startswith(self.root + "/"):
                continue
            self.file = place.name[len(self.root) + 1:]
            if self.wanted(self.file):
                self.text = self.text_of(self.file)
                self.visit(cursor, "", None)

    def visit(self, cursor, function, context):
        """context: the declaration or call around, for what depends on it (see children())."""
        context = dict(context or {})
        kind = cursor.kind
        if kind in CONSTANT_CONTEXTS:
            return
        if kind in FUNCTIONS:
            body = [c for c in cursor.get_children() if c.kind == CursorKind.COMPOUND_STMT]
            if not body:
                return
            head = self.text[cursor.extent.start.offset:body[0].extent.start.offset]
            if re.search(rb"\b(constexpr|consteval)\b", head):
                return
            function = cursor.spelling
            owner = cursor.semantic_parent
            if owner is not None and owner.kind in (CursorKind.CLASS_DECL, CursorKind.STRUCT_DECL,
                                                    CursorKind.CLASS_TEMPLATE):
                function = f"{owner.spelling}::{function}"
            context["result"] = cursor.result_type.get_canonical()
        elif kind == CursorKind.LAMBDA_EXPR:
            context["result"] = None
        elif kind in (CursorKind.VAR_DECL, CursorKind.FIELD_DECL):
            begin = cursor.extent.start.offset
            head = self.text[begin:cursor.location.offset]
            constant = re.search(rb"\bconstexpr\b", head)
            if b"constinit" in head or (constant and kind == CursorKind.FIELD_DECL):
                return
            if constant:
                context["constexpr"] = [begin + constant.start(), begin + constant.end(), "const"]
                context["declaration"] = list(self.extent(cursor))
            function = function or cursor.spelling
        elif kind == CursorKind.CALL_EXPR and cursor.spelling in NO_EFFECT:
            return
        self.try_cursor(cursor, function, context)
        for at, child in enumerate(cursor.get_children()):
            if kind == CursorKind.CASE_STMT and at == 0:
                continue
            if kind == CursorKind.IF_STMT and at == 0 and \
                    re.match(rb"if\s+constexpr", self.source(cursor)):
                continue
            self.visit(child, function, context)

    def try_cursor(self, cursor, function, context):
        kind = cursor.kind
        if kind in (CursorKind.BINARY_OPERATOR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR):
            parts = list(cursor.get_children())
            if len(parts) == 2:
                self.operator(cursor, parts[0], parts[1], function, context)
        elif kind == CursorKind.UNARY_OPERATOR:
            self.unary(cursor, function, context)
        elif kind in (CursorKind.INTEGER_LITERAL, CursorKind.FLOATING_LITERAL):
            self.constant(cursor, function, context)
        elif kind == CursorKind.CALL_EXPR:
            arguments = list(cursor.get_arguments())
            if cursor.spelling.removeprefix("operator") in COMPARISONS and len(arguments) == 2:
                self.operator(cursor, *arguments, function, context)
            elif cursor.spelling not in SYMMETRIC:
                self.order(cursor, arguments, function, context)
        elif kind == CursorKind.RETURN_STMT:
            self.result(cursor, function, context)

    def add(self, cursor, function, context, *, kind, before, after, edits):
        span = [min(e[0] for e in edits), max(e[1] for e in edits)]
        mark = (self.file, kind, *span)
        if mark in self.seen:
            return
        self.seen.add(mark)
        if "constexpr" in context:
            edits = [context["constexpr"]] + edits
            span = context["declaration"]
        self.places.append(Place(
            file=self.file, room=self.room, function=function or "(file)",
            line=self.text.count(b"\n", 0, edits[-1][0]) + 1, kind=kind, before=short(before),
            after=short(after), span=span,
            edits=[[begin, end, text] for begin, end, text in edits]))

    def choose(self, options, text, function):
        """One of the changes an operator can have, the same in every run."""
        if len(options) == 1:
            return options[0]
        digest = hashlib.sha256(f"{self.file} {function} ".encode() + text).digest()
        return options[digest[0] % len(options)]

    def operator(self, cursor, left, right, function, context):
        begin, end = self.extent(cursor)
        left_end, right_begin = left.extent.end.offset, right.extent.start.offset
        sign = self.text[left_end:right_begin].strip().decode(errors="replace")
        if sign not in OPERATORS or not begin < left_end <= right_begin < end:
            return
        if left.extent.start.offset != begin or right.extent.end.offset != end:
            return
        kind, options = OPERATORS[sign]
        text = self.text[begin:end]
        changed = self.choose(options, text, function)
        other = self.text[begin:left_end] + f" {changed} ".encode() + self.text[right_begin:end]
        self.add(cursor, function, context, kind=kind, before=text, after=other,
                 edits=[[begin, end, f"(MUTANT ? ({other.decode()}) : ({text.decode()}))"]])

    def unary(self, cursor, function, context):
        begin, end = self.extent(cursor)
        text = self.text[begin:end]
        if text[:1] not in (b"!", b"-") or text[:2] in (b"--", b"!=") or len(text) < 2:
            return
        rest = text[1:].decode()
        if text[:1] == b"!":
            kind, other = "logical", f"static_cast<bool>({rest})"
        else:
            kind, other = "arithmetic", f"+({rest})"
        self.add(cursor, function, context, kind=kind, before=text, after=text[1:],
                 edits=[[begin, end, f"(MUTANT ? ({other}) : ({text.decode()}))"]])

    def constant(self, cursor, function, context):
        begin, end = self.extent(cursor)
        text = self.text[begin:end]
        if INTEGER.match(text):
            if self.text[:begin].rstrip().endswith(b"["):  # of an array's type, or an index
                return
            other = text + b" + 1"
        elif FLOATING.match(text) and cursor.kind == CursorKind.FLOATING_LITERAL:
            zero = not text.strip(b"0.'fF")
            single = b"f" if text.endswith((b"f", b"F")) else b""
            other = text + (b" + 1" if zero else b" * 1.5" + single)
        else:
            return
        self.add(cursor, function, context, kind="constant", before=self.around(begin, end),
                 after=other,
                 edits=[[begin, end, f"(MUTANT ? ({other.decode()}) : {text.decode()})"]])

    def around(self, begin, end):
        """A constant with the text of its line next to it: a bare 1 names no place."""
        first = max(self.text.rfind(b"\n", 0, begin) + 1, begin - 25)
        last = self.text.find(b"\n", end)
        if self.text[first - 1:first].isalnum():  # not half a word
            first += re.match(rb"\w*", self.text[first:begin]).end()
        return (self.text[first:begin].lstrip() + b"[" + self.text[begin:end] + b"]" +
                self.text[end:min(last, end + 15)])

    def order(self, cursor, arguments, function, context):
        for one, two in zip(arguments, arguments[1:]):
            if one is None or two is None or one.type.kind == TypeKind.INVALID:
                continue
            a, b = self.source(one), self.source(two)
            gap = self.text[one.extent.end.offset:two.extent.start.offset].strip()
            types = [re.sub(r"\bconst\b|&", "", c.type.get_canonical().spelling).strip()
                     for c in (one, two)]
            if gap != b"," or a == b or types[0] != types[1] or "lambda" in types[0]:
                continue
            if not self.extent(cursor)[0] <= self.extent(one)[0]:
                continue
            first = f"(MUTANT ? ({b.decode()}) : ({a.decode()}))"
            second = f"(MUTANT ? ({a.decode()}) : ({b.decode()}))"
            name = cursor.spelling.encode() or b"call"
            self.add(cursor, function, context, kind="order",
                     before=name + b"(" + a + b", " + b + b")",
                     after=b"arguments swapped",
                     edits=[[*self.extent(one), first], [*self.extent(two), second]])
            return  # one a call

    def result(self, cursor, function, context):
        values = list(cursor.get_children())
        begin, end = self.extent(cursor)
        text = self.text[begin:end]
        follows = re.match(rb"\s*;", self.text[end:end + 100])
        if len(values) != 1 or not text.startswith(b"return") or not follows:
            return
        value = text[len(b"return"):].strip()
        result = context.get("result") or values[0].type.get_canonical()
        of_lambda = context.get("result") is None
        what = element(result.kind)
        if what == "bool":
            other = f"!({value.decode()})"
        elif what == "number":
            other = f"({value.decode()}) + 1"
        elif result.kind == TypeKind.POINTER and not of_lambda:
            other = "nullptr"
        elif result.spelling.startswith(("std::", "const std::")) and not of_lambda:
            other = "{}"
        else:
            return
        if value in EMPTY_VALUES:
            return
        if what and value in (b"true", b"false"):
            other = "false" if value == b"true" else "true"
        self.add(cursor, function, context, kind="return", before=text,
                 after=f"return {other}".encode() if len(other) < 12 else
                 (b"negated" if what == "bool" else b"one more"),
                 edits=[[begin, end + follows.end(),
                         f"{{ if (MUTANT) return {other}; {text.decode()}; }}"]])


def find_places(root, room, wanted, units):
    """Places of a room. units: (name, text, arguments of the compiler) of each translation unit."""
    finder = Finder(root, room, wanted)
    for name, text, arguments in units:
        finder.parse(name, text, arguments)
    places = sorted(finder.places, key=lambda p: (p.file, p.span, p.kind))
    copies = {}
    for place in places:
        copies[place.name] = copies.get(place.name, 0) + 1
        place.copy = copies[place.name]
    return places


def rewrite(text, places):
    """The text with the choice of each place in it; no two places overlap."""
    for place in sorted(places, key=lambda p: p.span[0], reverse=True):
        for begin, end, replacement in sorted(place.edits, reverse=True):
            replacement = replacement.replace("MUTANT", f"spanlab_mutant_is({place.number})")
            text = text[:begin] + replacement.encode() + text[end:]
    return text
