"""Makes the lists of passwords that everybody tries first.

    python scripts/make_common_passwords.py FREQUENT.txt ...

Each FREQUENT file has one leaked password a line, the most frequent first. The lists in
feedback/operations/common_passwords were made from those that the packages zxcvbn 4.5.0 (MIT) and
Django 5.2 (BSD) ship, with the words below, which Vietnamese lists of leaked passwords add.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "feedback/operations/common_passwords"
SHORTEST, LONGEST = 12, 40  # what the password rule lets in at all
STEMS, DECORATED = 3_000, 40
VIETNAMESE = """
matkhau matkhaucuatoi matkhaumoi khongcomatkhau khongbiet khongnho quenmatkhau anhyeuem emyeuanh
yeuem yeuanh yeuemnhieulam anhyeuemnhieulam anhnhoem emnhoanh anhyeu emyeu yeumaimai mottinhyeu
tinhyeu tinhyeucuatoi giadinh giadinhtoi giadinhlatatca hanhphuc maimaiyeuem mainguyenyeu chucmung
chucmungnammoi vietnam vietnamvodich toiyeuvietnam iloveyou conyeume conyeubo mevacon bomeyeu boyeu
meyeu conyeu contrai congai nguoiyeu xinchao chaoban toilaai toideptrai deptrai xinhgai xinhdep
khongcogi batdau dangnhap taikhoan quantri quanly quantrivien hethong nhanvien canbo congchuc
congvan phongban ubnd uyban uybannhandan trungtam trungtamdieuhanh phananh phananhhientruong
hientruong tiepnhan dichvucong motcua hanhchinh thanhpho thudo saigon hanoi haiphong danang cantho
nguyen nguyenvan nguyenthi tranvan leminh hoang thanh tuananh minhanh thuthao phuong linh trang
bongda banbe hocsinh sinhvien giaovien maytinh dienthoai internet nokia samsung iphone facebook
zaloviet cuocsong thanhcong maymanloctai phattai phatloc tailoc locphat anlac binhan sieunhan
"""
MORE = """
123456 1234567 12345678 123456789 1234567890 123123 123321 112233 111111 000000 666666 888888 123
1234 12345 321 2020 2021 2022 2023 2024 2025 2026 2027 @123 @1234 @12345 @123456 @2024 @2025 @2026
123@ 123! 123!@# !@# !@#$ !@#$% !@#123 abc abc123 a123 vn vn123 .com 6868 8888 6789 7979 9999 @6789
"""
WALKS = (
    *("1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p"),
    *("1qaz2wsx3edc4rfv5tgb6yhn", "qazwsxedcrfvtgbyhn", "q1w2e3r4t5y6u7i8o9p0", "zaq12wsxcde34rfv"),
    *("abcdefghijklmnopqrstuvwxyz", "147258369", "159357", "789456123", "qweasdzxc", "!@#$%^&*()"),
    *("a1b2c3d4e5f6g7h8", "1a2b3c4d5e6f7g8h", "123qweasdzxc", "qwe123asd456zxc789", "poiuytrewq"),
)


def main(paths: Iterable[str]) -> None:
    """Write both lists anew."""
    leaked = list(dict.fromkeys(frequent(paths)))
    stems = list(dict.fromkeys([*VIETNAMESE.split(), *filter(None, map(stem, leaked))]))[:STEMS]
    known = len(VIETNAMESE.split())
    whole = {
        *(password for password in leaked if SHORTEST <= len(password) <= LONGEST),
        *decorated(stems[: known + DECORATED]),
        *walks(),
    }
    write("stems.txt", stems)
    write("whole.txt", whole)


def frequent(paths: Iterable[str]) -> Iterator[str]:
    """The leaked passwords, without those that a wrong encoding broke."""
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            password = line.strip().lower()
            if re.fullmatch(r"[\x21-\x7e]+", password):
                yield password


def stem(password: str) -> str:
    """The letters in the middle of a password, if there are four or more."""
    found = re.fullmatch(r"[^a-z]*([a-z]{4,})[^a-z]*", password)
    return found[1] if found else ""


def decorated(stems: Iterable[str]) -> Iterator[str]:
    """Each stem with what people put behind it when a form asks for more."""
    for word in stems:
        for more in (word, *MORE.split()):
            if SHORTEST <= len(word + more) <= LONGEST:
                yield word + more


def walks() -> Iterator[str]:
    """Runs over the keyboard, from their beginning and twice."""
    for walk in WALKS:
        yield from ((walk * 4)[:length] for length in range(SHORTEST, 21))
        for length in range(4, len(walk) + 1):
            part = walk[:length]
            for password in (part, part * 2, part * 3, part + part[::-1], part[::-1]):
                if SHORTEST <= len(password) <= LONGEST:
                    yield password
    for sign in "0123456789abcdefghijklmnopqrstuvwxyz":
        for length in range(SHORTEST, 21):
            yield sign * length


def write(name: str, words: Iterable[str]) -> None:
    """Write a list in an order that shows what changed."""
    FOLDER.mkdir(exist_ok=True)
    lines = sorted(set(words))
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
