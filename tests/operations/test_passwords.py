"""Which passwords may be taken."""

import pytest

from feedback.domain.errors import Invalid
from feedback.operations.common_passwords import _lines, is_common
from feedback.operations.passwords import MIN_PASSWORD, check_password_rule

NAMES = ("Thành phố Hoa Sen", "Lotus City")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD 1234",
        "Password!2026!",
        "passwordpassword",
        "123456789012",
        "qwertyuiop12",
        "aaaaaaaaaaaaaa",
        "abc12abc12abc12",
        "matkhau123456",
        "Mật khẩu 2026",
        "anhyeuemnhieulam",
        "Quản trị viên 1",
        "hoasen2026@@",
        "ThanhPhoHoaSen1",
        "lotus-city-2026",
        "an.tran.2026!",
        "phananhhientruong",
        "PhanAnh@2026HoaSen",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password_rule(password, "an.tran", NAMES)
    assert refused.value.fields == {"password": "password_is_common"}


@pytest.mark.parametrize(
    "password",
    [
        "right horse staple",
        "móng giò xanh biếc",
        "ba con mèo leo cau",
        "correct horse battery staple",
        "tY7 vqP0 kzzm",
        "948371620573",
        "hoasen trong ao nhà bà",
        "ngôi sao 🌟 trên mái ngói",
        "x" * 3 + "đồng hồ treo tường cũ kỹ" * 5,
    ],
)
def test_any_signs_will_do_and_no_kind_is_asked_for(password: str) -> None:
    check_password_rule(password, "an.tran", NAMES)


def test_the_list_holds_thousands_that_the_rule_would_let_in() -> None:
    listed = _lines("whole.txt")
    assert len(listed) >= 3_000
    assert all(len(password) >= MIN_PASSWORD for password in listed)
    assert not any(len(password) >= MIN_PASSWORD and not is_common(password) for password in listed)
