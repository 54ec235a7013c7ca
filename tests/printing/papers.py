"""A letter to be printed, and what a reader finds in a PDF."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pypdf import PdfReader

DATA_TIME = datetime(2026, 11, 5, 8, 32, tzinfo=UTC)


def create_letter(**changes: Any) -> dict[str, Any]:
    """The data of a letter, with some of it changed."""
    return {
        "title": "Thư xin lỗi",
        "about": "Về việc trả kết quả xử lý phản ánh quá hạn",
        "mark": "AB12-CD34",
        "authority": "Ủy ban nhân dân thành phố",
        "agency": "Ủy ban nhân dân phường Đông Thượng",
        "number": "15/TXL",
        "place": "Đông Thượng",
        "day": "ngày 05 tháng 11 năm 2026",
        "addressee": "Ông/Bà đã gửi phản ánh AB12-CD34",
        "body": "Chúng tôi chân thành xin lỗi Ông/Bà.\n\nHẹn trả kết quả ngày 12/11/2026.",
        "legal_basis": "Căn cứ quy định hiện hành.",
        "copies": ["Như trên;", "Lưu: VT."],
        "position": "Chủ tịch",
        "signer": "Nguyễn Thị Hồng Ánh",
        "signed": "Ký lúc 15:32 ngày 05/11/2026",
        **changes,
    }


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, as a reader's copy command takes them."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """A text without anything that a line's end may have changed."""
    return re.sub(r"[\s\u200b]", "", text)
