"""In which encoding a file is written: told where the bytes leave no doubt, asked wherever letters could be others."""
# ruff: noqa: RUF001 - names in the letters of many languages

import pytest

from partnercrm.integrations.letters import Found, Letters, deciding_lines
from partnercrm.integrations.reading import OF_ONE_BYTE

TEXTS = {
    "German": "Müller Söhne GmbH|Zürcher Größenmaß|Königsträßle Bäckerei|Übersee Ölmühle|Hauptstraße|Ärzte für München",
    "French": "Société Générale|Crédit à la française|Bébé & Fils|Hôtel Noël|Pâtisserie Çà|Forêt où naît l’été|Œuvre",
    "Spanish": "Compañía Española|Peña y Muñoz|Jamón de Jabugo|¿Qué más?|Pingüino Málaga|Órgano|Núñez",
    "Polish": "Przedsiębiorstwo Handlowe Łódź|Święty Żółw|źródło|Spółka Ślązak|Gdańsk|Ćwikła|Poznań|Dąbrowa",
    "Czech": "Příbram železářství|Škoda|Jiří Dvořák|České Budějovice|Žižkov|Kůň a Ťuhýk|Ústí|šťastný",
    "Russian": "Общество Ромашка|Ёлка и сыновья|Москва|ЗАО Связь|Щука|Подъём|Юг",
    "Turkish": "Yılmaz İnşaat|Şişli Gıda|Doğuş|Güneş Çelik|Öztürk",
    "Lithuanian": "Šiaulių bankas|Žalgiris|Kėdainiai|Vytauto Didžiojo ąžuolas|ūkis",
    "English": "Café Noir|L’Oréal|“Quoted” – 5 €|Acme® Tools™",
}
ENCODINGS = (
    *OF_ONE_BYTE,
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso8859_5", "mac_latin2", "mac_cyrillic", "cp437"),
)


def told(content: bytes, size: int = 7) -> Found:
    letters = Letters()
    for start in range(0, len(content), size):
        letters.feed(content[start : start + size])
    return letters.found()


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeError:
        return False
    return not content.isascii()


def written(names: list[str], encoding: str) -> bytes | None:
    text = "key;name\n" + "".join(f"{number};{name}\n" for number, name in enumerate(names, 1))
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", TEXTS)
def test_nothing_is_certain_that_reads_otherwise_than_it_was_written(language: str, encoding: str) -> None:
    names = TEXTS[language].split("|")
    words = [word for name in names for word in name.split()]
    for part in (names, *([one] for one in names), *([one] for one in words)):
        content = written(part, encoding)
        if content is not None and (encoding.startswith("utf") or not is_utf8(content)):
            found = told(content)
            meant, read = content.decode(encoding), content.decode(found.encoding).removeprefix("\ufeff")
            assert found.in_question or read == meant.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", TEXTS)
def test_what_a_file_is_written_in_is_among_what_is_possible(language: str, encoding: str) -> None:
    content = written([name for name in TEXTS[language].split("|") if written([name], encoding)], encoding)
    if content is not None and not content.isascii() and encoding in OF_ONE_BYTE:
        assert content.decode(encoding) in {content.decode(one) for one in told(content).possible}


@pytest.mark.parametrize(
    ("language", "encoding", "found"),
    [
        ("German", "windows-1252", "windows-1252"),
        ("German", "iso-8859-1", "windows-1252"),
        ("German", "utf-8", "utf-8"),
        ("German", "utf-8-sig", "utf-8"),
        ("Russian", "utf-16", "utf-16"),
        ("Russian", "utf-16-le", "utf-16-le"),
        ("Russian", "utf-16-be", "utf-16-be"),
    ],
)
def test_what_reads_the_same_either_way_is_not_asked(language: str, encoding: str, found: str) -> None:
    content = written(TEXTS[language].split("|"), encoding)

    assert content
    assert told(content)[:2] == (found, [])


@pytest.mark.parametrize(
    ("language", "encoding", "first"),
    [
        ("French", "windows-1252", "windows-1252"),
        ("Spanish", "windows-1252", "windows-1252"),
        ("Polish", "windows-1250", "windows-1250"),
        ("Russian", "windows-1251", "windows-1251"),
    ],
)
def test_the_likeliest_comes_first_of_what_is_asked(language: str, encoding: str, first: str) -> None:
    content = written(TEXTS[language].split("|"), encoding)

    assert content
    found = told(content)
    assert (found.encoding, found.in_question[0]) == (first, first)
    assert len(found.in_question) > 1


def test_ascii_alone_is_certain() -> None:
    assert told(b"key,name\n1,Contoso\n") == ("utf-8", [], ["utf-8"])


def test_one_letter_far_behind_keeps_the_question_open() -> None:
    plain = b"1,Z\xfcrich\n" * 20_000

    assert told(plain, 65_536).in_question == []
    assert told(plain + b"2,Espa\xf1a\n", 65_536).in_question[:2] == ["windows-1252", "windows-1250"]


def test_a_file_cut_within_its_last_letter_is_not_utf_8() -> None:
    assert told(b"key,name\n1,Caf\xc3").encoding != "utf-8"


def test_what_is_likely_alone_is_shown_beside_the_next() -> None:
    found = told("1;Ťuhýk Łódź\n2;Łąka\n".encode("cp1250"))

    assert found.encoding == "windows-1250"
    assert len(found.in_question) > 1


def test_a_long_word_takes_no_long_time() -> None:
    assert told(b"x" * 60_000 + b";\xfc\n", 65_536).encoding == "windows-1252"


def test_a_file_of_another_kind_is_asked_about_between_all_that_can_read_it() -> None:
    found = told(bytes(range(128, 256)))

    assert found.in_question
    assert set(found.in_question) <= set(found.possible)


def test_the_lines_that_decide_are_shown_as_each_encoding_reads_them() -> None:
    content = b"key;name\n" + b"1;M\xfcller\n" * 9 + b"2;Pe\xf1a\n" * 300 + b"3;Gar\xe7on \xe0 Paris\n4;Pe\xf1a"

    lines = deciding_lines([content[:500], content[500:]], ["windows-1252", "windows-1250"])

    assert lines[0] == (11, [("windows-1252", "2;Peña"), ("windows-1250", "2;Peńa")])
    assert [line.line for line in lines] == [11, 12, 13, 14, 15]


def test_a_line_with_another_letter_is_shown_before_more_of_the_same() -> None:
    content = b"\n".join([b"1;Pe\xf1a"] * 20 + [b"x" * 500 + b"Gar\xe7on \xe0 Paris"])

    lines = deciding_lines([content], ["windows-1252", "windows-1250"])

    assert [line.line for line in lines] == [1, 2, 3, 4, 21]
    read = lines[-1].readings[1].text
    assert read.endswith("xGarçon ŕ Paris")
    assert len(read) < 100
