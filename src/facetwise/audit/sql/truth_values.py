"""Truth in a database that has no boolean columns: a number there, a condition where one is asked for.

SQL Server knows conditions in WHERE, ON, HAVING and CASE only. Elsewhere TRUE is 1, FALSE is 0, and NULL stays.
"""

from sqlglot import exp

_CONDITIONS = (exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Is)


def without_booleans(tree: exp.Expr) -> exp.Expr:
    """The statement with conditions only where they are allowed. Changes the tree."""
    return _value(tree)


def _value(node: exp.Expr) -> exp.Expr:
    """A node where a value stands: a condition becomes 1, 0 or NULL."""
    if isinstance(node, exp.Boolean):
        return exp.Literal.number(int(bool(node.this)))
    if _is_condition(node):
        holds = _condition(node)
        return exp.case().when(holds, "1").when(exp.not_(holds.copy()), "0")
    for part in list(node.iter_expressions()):
        asked = isinstance(node, exp.Where | exp.Having | exp.If) and part is node.this
        asked = asked or (isinstance(node, exp.Join) and part is node.args.get("on"))
        part.replace(_condition(part) if asked else _value(part))
    return node


def _condition(node: exp.Expr) -> exp.Expr:
    """A node where a condition stands: a value becomes a comparison with 0."""
    if isinstance(node, exp.Boolean):
        return exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(int(bool(node.this))))
    if isinstance(node, exp.And | exp.Or | exp.Not) or (isinstance(node, exp.Paren) and _is_condition(node)):
        for inner in list(node.iter_expressions()):
            inner.replace(_condition(inner))
        return node
    if _is_condition(node):
        for side in list(node.iter_expressions()):
            side.replace(_value(side))
        return node
    return exp.NEQ(this=_value(node), expression=exp.Literal.number(0))


def _is_condition(node: exp.Expr) -> bool:
    return isinstance(node.unnest(), _CONDITIONS)
