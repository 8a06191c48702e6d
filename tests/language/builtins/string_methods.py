"""Every string method with all its arguments, on empty, blank and odd strings."""

from program import table

WORDS = [("Hello World",), ("",), ("  a\tb\n c  ",), ("abcabcabc",), ("12ab",), ("\x0b\x0cx ",)]

table(
    "s: str",
    WORDS,
    "(s.upper(), s.lower(), s.capitalize(), s.title(), s.swapcase())",
    "(s.isupper(), s.islower(), s.isalpha(), s.isdigit(), s.isalnum(), s.isspace())",
    "(s.isdecimal(), s.isnumeric(), s.isidentifier(), s.istitle(), s.isprintable())",
    "(s.strip(), s.lstrip(), s.rstrip())",
    "(s.strip('ab'), s.lstrip('abc'), s.rstrip(' c'))",
    "(s.split(), s.split(' '), s.split('b'), s.split('bc', 1), s.split('a', 0), s.split('c', -1))",
    "(s.rsplit(' '), s.rsplit('b'), s.rsplit('bc', 1), s.rsplit('a', 0))",
    "s.rsplit()",
    "(s.splitlines(), s.splitlines(True))",
    "(s.partition('b'), s.rpartition('b'), s.partition('zz'), s.rpartition('zz'))",
    "(s.find('b'), s.find('b', 2), s.find('b', 2, 6), s.find('b', -3), s.find('', 0), s.find('c', 0, -2))",
    "(s.rfind('b'), s.rfind('b', 2), s.rfind('b', 2, 6), s.rfind('b', -3), s.rfind('c', 0, -2))",
    "(s.count('b'), s.count('bc'), s.count('b', 2), s.count('b', 2, 6), s.count('abc'), s.count('aa'))",
    "(s.startswith('He'), s.startswith(''), s.startswith('b', 1), s.startswith('abc', 3, 5), s.startswith('c', -1))",
    "(s.endswith('ld'), s.endswith(''), s.endswith('b', 1), s.endswith('ab', 0, 5), s.endswith('c', -1))",
    "(s.replace('b', 'XY'), s.replace('b', ''), s.replace('ab', 'b', 2), s.replace('l', 'L', 0))",
    "(s.ljust(14), s.rjust(14), s.center(14), s.zfill(14), s.ljust(14, '*'), s.rjust(14, '+'), s.center(15, '-'), s.center(3))",
    "(s.expandtabs(), s.expandtabs(4), s.expandtabs(0))",
    "s.join(['x', 'y', 'z'])",
    "'-'.join(s)",
    "(len(s), s + s)",
    "(s[0:3], s[:-1], s[-3:], s[::-1], s[1::2], s[::-2], s[10:2], s[5:1:-1], s[-100:100])",
    "('b' in s, '' in s, s in 'Hello World!', 'q' not in s)",
    "(s == 'abcabcabc', s != '', s < 'a', s > 'a', s <= 'Hello World', s >= '12ab')",
    "[c for c in s]",
    "(list(s), [c + '.' for c in s])",
    "s.upper().lower().replace(' ', '_').split('_')",
    "(str(s), '%s' % s, '{}'.format(s), f'<{s}>')",
    """
    out = ""
    for i, c in enumerate(s):
        if i % 2 == 0:
            out = c + out
        else:
            out += c
    return out
    """,
    """
    d: Dict[str, int] = {}
    for c in s:
        if c in d:
            d[c] += 1
        else:
            d[c] = 1
    return d
    """,
    """
    n = 0
    for a, b in zip(s, s[1:]):
        if a < b:
            n += 1
    return n
    """,
)

table(
    "s: str, i: int",
    [("abc", 0), ("abc", 2), ("abc", -1), ("abc", -3), ("abc", 3), ("abc", -4), ("", 0)],
    "s[i]",
)

table("s: str, t: str", [("abcb", "b"), ("abc", "z"), ("", ""), ("aaa", "a"), ("x", "")], "s.index(t)", "s.rindex(t)")
table("s: str, t: str", [("abcb", "b"), ("abc", "z"), ("aaa", "a"), ("x y", " ")], "(s.split(t), s.rsplit(t, 1), s.partition(t))", "s.index(t, 1, 3)")
table("s: str", [("a b",)], "s.split('')", "s.partition('')", "s.center(5, '')", "s.ljust(9, 'ab')")
table(
    "s: str",
    [("12",), ("-7",), (" 3 ",), ("0x1f",), ("1_0",), ("",), ("1.5",), ("abc",), ("99999999999999999999",), ("+4",), ("3a",)],
    "int(s)",
    "float(s)",
)
table("s: str", [("1e3",), ("inf",), ("-inf",), ("nan",), ("1e400",), (".5",), ("5.",), ("1e",), ("infinity",)], "float(s)")
table("s: str", [("a",), ("é",), ("ab",), ("",), ("\n",)], "ord(s)", "hash(s) == hash(s)")
table("n: int", [(0,), (65,), (127,), (256,), (-1,), (1114112,)], "chr(n)")
table("n: int", [(0,), (255,), (-255,), (9223372036854775807,), (-9223372036854775808,), (16,)], "(hex(n), oct(n), bin(n))", "str(n)")
table(
    "s: str, n: int, x: float, b: bool",
    [("t", 42, 2.5, True), ("", -3, 1e-9, False), ("%", 0, float("inf"), True), ("{}", 1, -0.0, True), ("u", 2, 1e15, False)],
    "'{} {} {} {}'.format(s, n, x, b)",
    "f'{s}{n}{x}{b}'",
    "f'{n + 1} {x * 2} {s.upper()} {not b} {{literal}}'",
    "'%s %s %s %s' % (s, n, x, b)",
    "'%d %f %e %i %F %E' % (n, x, x, n, x, x)",
    "'%d' % n",
    "'%d%%' % n",
    "'%s|%s' % ([n, n], {s: x})",
    "'{:d}'.format(n)",
    "'{0} {1}'.format(s, n)",
    "'{} {}'.format((n, x), [s, s])",
    "str(n) + str(x) + str(b) + s",
    "'a' 'b' + '''c\nd''' + \"e'f\" + 'g\"h\\\\'",
    "(str((n, x, s, b)), str([x, x]), str({n: s}), str((n,)), str(None))",
    """
    print(n, x, s, b)
    print([n], [x], [s], [b], (n, x, s, b), {n: x}, {s: b}, None)
    print(f"{x}", str(x), [str(x)])
    return 0
    """,
)
