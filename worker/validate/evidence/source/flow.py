"""Follows values of the model through the source until nothing new carries its mark."""

import ast
import re
from dataclasses import dataclass

from worker.validate.evidence.source.definitions import scope_of, top_level
from worker.validate.evidence.source.filling import is_container, roots
from worker.validate.evidence.source.marks import Marks, every_argument
from worker.validate.evidence.source.program import Module, name_of

LOADED_INTO = re.compile(
    r"load_(state_dict|lora|textual|ip_adapter|adapter|weights)|fuse_lora|set_adapters?$"
)
"""Methods that bring weights into what they are called on."""
TOLD = frozenset({"print", "info", "debug", "warning", "error", "exception", "log", "Info", "Warning"})
"""Calls that show something to people and change nothing."""
MOST_ROUNDS = 30


@dataclass
class Flow(Marks):
    """The marks of a program, found by repeating."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for _ in range(MOST_ROUNDS):
            before = len(self.marked) + len(self.paths) + len(self.changed)
            self._round()
            if len(self.marked) + len(self.paths) + len(self.changed) == before:
                return

    def _round(self) -> None:
        for module in self.program.modules.values():
            for node in top_level(module.tree):
                scope = scope_of(node)
                for each in ast.walk(node):
                    self._visit(module, scope, each)
        for key in self.definitions.found:
            module = self.program.modules[key[0]]
            if self.definitions.is_class(key):
                made = any(each[:2] == (key[0], key[2]) for each in self.marked)
            else:
                within = key[1] or key[2]
                functions = self.definitions.functions(key)
                made = any(given.made for each in functions for given in self.gives(module, within, each))
            if made:
                self.marked.add(key)

    def _visit(self, module: Module, scope: str, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                self._assign(module, scope, targets, value)
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                self._assign(module, scope, [target], value)
            case ast.AugAssign(target=target, value=value):
                self._assign(module, scope, [target], value)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                self._assign(module, scope, [target], value)
            case ast.comprehension(target=target, iter=value):
                self._assign(module, scope, [target], value)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._assign(module, scope, [target], value)
            case ast.Expr(value=ast.Call() as call):
                self._statement(module, scope, call)
            case ast.Call():
                self._call(module, scope, node)

    def _assign(self, module: Module, scope: str, targets: list[ast.expr], value: ast.expr) -> None:
        places = [each.slice for each in targets if isinstance(each, ast.Subscript)]
        if any(self.is_marked(module, scope, each) for each in (value, *places)):
            for target in targets:
                self._mark(module, scope, target)
        elif is_container(value) and any(self.is_marked(module, scope, target) for target in targets):
            # What the model's call was given may have been filled by it, and so what is inside.
            self._mark_filled(module, scope, value)
        elif self.changed & {self._key(module, scope, each) for target in targets for each in roots(target)}:
            # Who draws on a canvas changes the picture that the canvas was made of.
            for each in (*targets, value):
                self._change(module, scope, each)

    def _call(self, module: Module, scope: str, call: ast.Call) -> None:
        given = [*call.args, *(each.value for each in call.keywords)]
        self._pass_on(module, scope, call)
        if not self.is_marked(module, scope, call):
            return
        if isinstance(call.func, ast.Attribute) and LOADED_INTO.match(call.func.attr):
            self._change(module, scope, call.func.value)
        asks = self.is_marked(module, scope, call.func)
        for each in given:
            self._mark_filled(module, scope, each, asks=asks)
            for text in ast.walk(each):
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and "." in text.value:
                    self.paths.add(text.value)

    def _statement(self, module: Module, scope: str, call: ast.Call) -> None:
        """A call whose result nobody takes changes its owner, or what it is given first, by the rest."""
        asks = self.is_marked(module, scope, call.func)
        if asks or name_of(call.func) in TOLD:
            return
        keywords = [each.value for each in call.keywords]
        method = isinstance(call.func, ast.Attribute) and not self._is_library(module, call.func.value)
        if method and any(self.is_marked(module, scope, each) for each in (*call.args, *keywords)):
            self._change(module, scope, call.func)
        elif call.args and any(self.is_marked(module, scope, each) for each in (*call.args[1:], *keywords)):
            self._change(module, scope, call.args[0])

    def _is_library(self, module: Module, node: ast.expr) -> bool:
        """Whether this is an imported module; pyplot keeps what is drawn."""
        return (
            isinstance(node, ast.Name)
            and self._is_module(module, node.id)
            and not module.imported[node.id][0].endswith("pyplot")
        )

    def _pass_on(self, module: Module, scope: str, call: ast.Call) -> None:
        """Mark the parameters of a function or class of the program that is called with marked values."""
        for key, arguments, keywords in self.definitions.handed_on(module, scope, call):
            owner, within, name = key
            inside = name if self.definitions.is_class(key) else within or name
            fields = self.definitions.fields(key)
            for field_name, value in zip(fields, arguments, strict=False):
                if self.is_marked(module, scope, value):
                    self.marked.add((owner, inside, f"self.{field_name}"))
            for function in self.definitions.functions(key):
                names = [
                    each.arg for each in every_argument(function.args) if each.arg not in {"self", "cls"}
                ]
                for parameter, value in zip(names, arguments, strict=False):
                    if self.is_marked(module, scope, value):
                        self.marked.add((owner, inside, parameter))
                for keyword in keywords:
                    if keyword.arg in names and self.is_marked(module, scope, keyword.value):
                        self.marked.add((owner, inside, str(keyword.arg)))
