"""What must never be published, in every spelling that shows or does the same in a visitor's browser."""

from dataclasses import dataclass

# Where a probe is what it is. ALWAYS: wherever letters are shown, in code too. WORDS: not in code, which shows entities and braces
# as they are written. FORMATTED: not in a picture's description or a link's title either, where there is no Markdown. MARKUP: not
# in a link's words either, for a link is no place for another.
ALWAYS, WORDS, FORMATTED, MARKUP = range(4)


@dataclass(frozen=True)
class Probe:
    """Something to refuse. ``tail``: a line for the end of the text, the definition that the probe refers to."""

    kind: str
    text: str
    level: int
    tail: str = ""

    @property
    def in_line(self) -> bool:
        """Whether it stands in one line."""
        return "\n" not in self.text


def _of(kind: str, level: int, *texts: str) -> list[Probe]:
    return [Probe(kind, text, level) for text in texts]


def _linked(kind: str, words: str, *targets: str) -> list[Probe]:
    return [Probe(kind, f"[{words}]({target})", MARKUP) for target in targets]


def _referred(kind: str, text: str, name: str, *targets: str) -> list[Probe]:
    return [Probe(kind, text, MARKUP, f"[{name}]: {target}") for target in targets]


_ZOOM = "https://zoom.us/j/123456789"

PERSONS = [
    *_of("person", ALWAYS, "900101-1234", "19900101-1234", "199001011234", "9001011234", "900101+1234", "900101 1234"),
    *_of("person", ALWAYS, "900101–1234", "900101\u20111234", "900101\u00a01234", "19900101 1234", "900101−1234"),
    *_of(
        "person",
        WORDS,
        "&#57;00101-1234",
        "900101&#45;1234",
        "900101&ndash;1234",
        "900101&nbsp;1234",
        "&#x39;00101-1234",
    ),
    *_of("person", FORMATTED, "900101-**1234**", "*900101*-1234", "9001**01**-1234", "900101-\n1234", "900101\\-1234"),
]
PHONES = [
    *_of(
        "phone",
        ALWAYS,
        "08-123 45 67",
        "08–123 45 67",
        "08\u2011123 45 67",
        "(08) 123 45 67",
        "08/123 45 67",
        "08 123 45 67",
    ),
    *_of(
        "phone", ALWAYS, "0701234567", "+46701234567", "08\u00a0123\u00a045\u00a067", "070-123 45 67", "+46 8 123 45 67"
    ),
    *_of("phone", ALWAYS, "0046 8 123 45 67", "+46 (0)8 123 45 67", "08-1234567", "070-1234567"),
    *_of("phone", WORDS, "&#48;8-123 45 67", "08&#45;123 45 67", "08&nbsp;123&nbsp;45&nbsp;67", "08&ndash;123 45 67"),
    *_of(
        "phone", FORMATTED, "08-**123** 45 67", "*08*-123 45 67", "08-1**23** 45 67", "08-123\n45 67", "08\\-123 45 67"
    ),
    *_linked(
        "phone",
        "ring Anna",
        "tel:+4681234567",
        "tel:08-1234567",
        "TEL:+4681234567",
        "tel:%2B4681234567",
        "sms:+46701234567",
    ),
    *_referred("phone", "[ring Anna][nr]", "nr", "tel:+4681234567"),
]
MEETINGS = [
    *_of(
        "meeting",
        ALWAYS,
        _ZOOM,
        "zoom.us/j/123456789",
        "https://us02web.zoom.us/j/123456789",
        "HTTPS://ZOOM.US/J/123456789",
    ),
    *_of(
        "meeting", ALWAYS, "https://teams.microsoft.com/l/meetup-join/19", "https://teams.microsoft.com/meet/2123456789"
    ),
    *_of("meeting", ALWAYS, "https://teams.live.com/meet/9312345678", "https://meet.google.com/abc-defg-hij"),
    *_of("meeting", WORDS, "zoom&#46;us/j/123456789", "zoom.us&#47;j&#47;123456789"),
    *_of("meeting", FORMATTED, "zoom.us/j/**123456789**", "zoom.**us**/j/123456789"),
    *_of("meeting", MARKUP, f"<{_ZOOM}>", "<https://meet.google.com/abc-defg-hij>"),
    *_linked("meeting", "mötet", _ZOOM, "https://ZOOM.US/j/123456789", "https://zoom%2Eus/j/123456789", f"<{_ZOOM}>"),
    *_linked(
        "meeting", "mötet", "https:&#47;&#47;zoom.us/j/123456789", "https://zoom.us:443/j/123456789", f"\n{_ZOOM}"
    ),
    *_linked("meeting", "mötet", f'{_ZOOM} "Mötet"', "https://x@zoom.us/j/123456789", "https://zoom.us./j/123456789"),
    *_linked("meeting", "mötet\npå nätet", _ZOOM),
    *_referred("meeting", "[mötet][m]", "m", _ZOOM, f"<{_ZOOM}>"),
]
MAILS = [
    *_of(
        "mail",
        ALWAYS,
        "anna@privat.example",
        "ANNA@PRIVAT.EXAMPLE",
        "anna.b+c@privat.example",
        "anna@mejl.privat.example",
    ),
    *_of("mail", WORDS, "anna&#64;privat.example", "anna&commat;privat.example", "anna@privat&#46;example"),
    *_of("mail", FORMATTED, "anna@**privat**.example", "*anna*@privat.example", "anna\\@privat.example"),
    *_of("mail", MARKUP, "<anna@privat.example>", "<mailto:anna@privat.example>"),
    *_linked(
        "mail", "mejla Anna", "mailto:anna@privat.example", "MAILTO:anna@privat.example", "mailto:anna%40privat.example"
    ),
    *_linked("mail", "mejla Anna", "mailto:info@qjouren.se?cc=anna@privat.example", "&#109;ailto:anna@privat.example"),
    *_linked("mail", "mejla\nAnna", "mailto:anna@privat.example"),
    *_referred("mail", "[mejla Anna][a]", "a", "mailto:anna@privat.example"),
]
TAGS = [
    *_of(
        "tag",
        FORMATTED,
        "<b>x</b>",
        "<B>x</B>",
        "<b\n>x</b>",
        "<b class=x\nid=y>x</b>",
        "<div>x</div>",
        "</div>",
        "</main>",
    ),
    *_of(
        "tag",
        FORMATTED,
        "<!-- Anna -->",
        "<!-- Anna\nB -->",
        "<?php x ?>",
        "<![CDATA[x]]>",
        "<x-y>x</x-y>",
        "<o:p></o:p>",
    ),
    *_of(
        "tag",
        FORMATTED,
        "<p class=MsoNormal\nstyle=color:red>x</p>",
        "<font color=red>x</font>",
        "<u>x</u>",
        "<center>x",
    ),
]
SCRIPTS = [
    *_of(
        "script",
        FORMATTED,
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        "<script\n>alert(1)</script>",
        "<script>",
    ),
    *_of(
        "script",
        FORMATTED,
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<style>main{display:none}</style>",
    ),
    *_of("script", FORMATTED, "<iframe src=https://x.example></iframe>", "<form action=/x><input name=a></form>"),
    *_of(
        "script",
        FORMATTED,
        "<a href=javascript:alert(1)>x</a>",
        "<details open ontoggle=alert(1)>",
        "<style\n type=text/css>",
    ),
    *_of(
        "script",
        FORMATTED,
        "<meta http-equiv=refresh content=0>",
        "<base href=//x.example>",
        "<img\nsrc=//x.example/a.gif>",
    ),
]
LINKS = [
    *_linked("javascript", "så gör du", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "&#106;avascript:alert(1)"),
    *_linked(
        "javascript",
        "så gör du",
        "javascript&#58;alert(1)",
        "java%73cript:alert(1)",
        "<javascript:alert(1)>",
        "\njavascript:alert(1)",
    ),
    *_linked(
        "javascript",
        "så gör du",
        "data:text/html,x",
        "vbscript:x",
        "file:///c:/x",
        "blob:x",
        'javascript:alert(1) "Så"',
    ),
    *_linked("javascript", "så\ngör du", "javascript:alert(1)"),
    *_linked("javascript", "så [gör] du", "javascript:alert(1)"),
    *_linked("javascript", "så **gör** du", "javascript:alert(1)"),
    *_referred(
        "javascript", "[så gör du][r]", "r", "javascript:alert(1)", "<javascript:alert(1)>", 'javascript:alert(1) "Så"'
    ),
    *_referred("javascript", "[så gör du][]", "så gör du", "javascript:alert(1)"),
    *_referred("javascript", "[så gör du]", "så gör du", "JAVASCRIPT:alert(1)"),
    *_linked(
        "insecure",
        "en sida",
        "http://osaker.example",
        "HTTP://osaker.example",
        "//osaker.example/x",
        "ftp://osaker.example/x",
    ),
    *_linked(
        "insecure",
        "en sida",
        "&#104;ttp://osaker.example",
        "<http://osaker.example>",
        "https:osaker.example",
        "https://",
    ),
    *_linked("insecure", "en\nsida", "http://osaker.example"),
    *_of("insecure", MARKUP, "<http://osaker.example>", "<ftp://osaker.example/x>"),
    *_referred("insecure", "[en sida][o]", "o", "http://osaker.example"),
    *_linked(
        "broken",
        "så gör du",
        "{filename}/pages/finnsinte.md",
        "{filename}finnsinte.md",
        "|filename|/pages/finnsinte.md",
    ),
    *_linked(
        "broken", "så gör du", "{static}/images/torget.jpg", "{attach}torget.jpg", "{filename}/data/organisation.toml"
    ),
    *_linked("broken", "så gör du", "{filename}/pages/webblasare.md#finnsinte", "%7Bfilename%7D/pages/finnsinte.md"),
    *_linked("broken", "så\ngör du", "{filename}/pages/finnsinte.md"),
    *_linked(
        "broken",
        "så gör du",
        "/finnsinte/",
        "#finnsinte",
        "/webblasare/#finnsinte",
        "finnsinte.md",
        "webblasare.md",
        "../webblasare/",
    ),
    *_linked("broken", "så gör du", "www.smhi.se", "", "?x=1", "/webblasare", "/finnsinte/?a=1"),
    *_linked("broken", "så [gör] du", "/finnsinte/"),
    *_linked("broken", "så\ngör du", "/finnsinte/"),
    *_referred("broken", "[så gör du][f]", "f", "{filename}/pages/finnsinte.md", "/finnsinte/", "#finnsinte"),
]
PICTURES = [
    Probe("picture", f"![{words}]({target})", MARKUP)
    for words, target in (
        ("två kvinnor", "https://tracker.example/x.gif"),
        ("två kvinnor", "http://tracker.example/x.gif"),
        ("två kvinnor", "HTTP://tracker.example/x.gif"),
        ("två kvinnor", "//tracker.example/x.gif"),
        ("två kvinnor", "<https://tracker.example/x.gif>"),
        ("två kvinnor", "data:image/gif;base64,R0lGODlhAQABAAAAACw="),
        ("två\nkvinnor", "http://tracker.example/x.gif"),
        ("två [unga] kvinnor", "https://tracker.example/x.gif"),
        ("två kvinnor", 'https://tracker.example/x.gif "Två"'),
        ("två kvinnor", "saknas.jpg"),
        ("två\nkvinnor", "saknas.jpg"),
        ("två kvinnor", "/images/torget.jpg"),
        ("två kvinnor", "../data/organisation.toml"),
        ("två kvinnor", "{static}/images/torget.jpg"),
        ("två kvinnor", "{attach}torget.jpg"),
        ("", "torget.jpg"),
        (" ", "torget.jpg"),
    )
]
PICTURES += [
    *_referred("picture", "![två kvinnor][b]", "b", "https://tracker.example/x.gif", "saknas.jpg"),
    *_of("picture", MARKUP, "[![två kvinnor](https://tracker.example/x.gif)](/webblasare/)"),
]
BRACES = [
    *_of(
        "brace",
        WORDS,
        "{okand:ord}",
        "{telefon:finnsinte}",
        "{telefon}",
        "{ord}",
        "{telefon:jouren",
        "{ Telefon : finnsinte }",
    ),
    *_of("brace", WORDS, "&#123;okand:ord}", "{fakta:finnsinte}", "{epost:anna}", "{regel:finnsinte}"),
    *_of(
        "brace",
        FORMATTED,
        "*x*{: onclick=alert(1)}",
        "*x*{: .stor}",
        "*x*{: #a style=color:red}",
        "{telefon:\nfinnsinte}",
    ),
    *_of("brace", MARKUP, "[så gör du](/webblasare/){target=_blank}", "![torget](torget.jpg){: onload=alert(1)}"),
]
SIGNS = _of("sign", ALWAYS, "fÃ¶r alla", "f\ufffdr alla", "â€“ alla")

PROBES: list[Probe] = [
    *(*PERSONS, *PHONES, *MEETINGS, *MAILS, *TAGS, *SCRIPTS),
    *(*LINKS, *PICTURES, *BRACES, *SIGNS),
]
